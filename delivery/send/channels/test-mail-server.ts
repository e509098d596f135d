import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail server of a test: what it accepted, byte for byte and as a second parser reads it. */
export interface TestMailServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly raw: readonly string[];
  /** How many lines were opened to it so far. */
  readonly lines: () => number;
  /** Closes all lines, as servers do with idle ones. */
  readonly hangUp: () => void;
  mails(): Promise<ParsedMail[]>;
}

/**
 * A real SMTP server in this process; `options` make it refuse. After the final dot it waits for
 * `answers`, and keeps silent when that says no.
 */
export async function testMailServer(
  options: SMTPServerOptions = {},
  answers: () => boolean | Promise<boolean> = () => true,
  at = 0,
): Promise<TestMailServer> {
  const raw: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('5.3.4 too big'), { responseCode: 552 }));
        raw.push(Buffer.concat(chunks).toString('utf8'));
        if (await answers()) done();
      });
    },
    ...options,
  });
  server.on('error', () => {}); // Lines that tests cut.
  const lines: Socket[] = [];
  server.server.on('connection', (socket: Socket) => lines.push(socket));
  await new Promise<void>((ready) => server.listen(at, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    raw,
    lines: () => lines.length,
    hangUp: () => {
      for (const socket of lines) socket.destroy();
    },
    mails: () => Promise.all(raw.map((mail) => simpleParser(mail))),
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

/** Where a line breaks. After the dot means: the server has the whole mail, and its answer is lost. */
export type Cut = 'at-connect' | 'in-data' | 'after-dot';

/** A line to a mail server that breaks at one point of every mail. */
export async function cutLine(target: number, cut: Cut): Promise<AsyncDisposable & { readonly url: string }> {
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    if (cut === 'at-connect') return near.destroy();
    const far = dial(target, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let sent = '';
    let dotted = false;
    near.on('data', (bytes) => {
      sent = (sent + bytes.toString('latin1')).slice(-100_000);
      if (cut === 'in-data' && sent.includes('\r\nSubject: ')) return near.destroy();
      dotted ||= sent.endsWith('\r\n.\r\n');
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (dotted) return near.destroy();
      near.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
