import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A mail server for this machine alone, which keeps what it is given in a folder. */
export interface Mailbox extends AsyncDisposable {
  /** For SMTP_URL. */
  readonly url: string;
  /** Files of the mails taken since it opened. */
  mails(): readonly string[];
}

/** Opens a mailbox on a free port of the loopback interface; each mail becomes a file `NNNN-recipient.eml`. */
export async function openMailbox(folder: string): Promise<Mailbox> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      buffer(stream).then((mail) => {
        const to = session.envelope.rcptTo[0]?.address ?? 'nobody';
        const name = `${String(Date.now())}-${files.length + 1}-${to.replace(/[^\w.@-]/g, '_')}.eml`;
        const path = join(folder, name);
        writeFileSync(path, mail, { mode: 0o600 });
        files.push(path);
        done(null, 'kept');
      }, done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails: () => files,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
