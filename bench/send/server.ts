// A mail server that takes everything and keeps nothing, as a process of its own: prints its port. It thinks so many
// milliseconds about each mail.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const takes = Number(process.argv[2] ?? 0);
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.on('end', () => (takes > 0 ? setTimeout(done, takes) : done()));
    stream.resume();
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.server.address() as AddressInfo).port}\n`);
});
