import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** Where a mail is on the server when a test is told of it; `dotted`: it was taken, and no answer has gone yet. */
export const mailSteps = ['connected', 'from', 'to', 'data', 'dotted', 'answered'] as const;
export type MailStep = (typeof mailSteps)[number];

/** What the server does with one mail. `cut-after-dot` and `late` take it. */
export const manners = ['accept', 'later', 'refuse-data', 'hang', 'cut-before-dot', 'cut-after-dot', 'late'] as const;
export type Manner = (typeof manners)[number];

export interface RoughMailServer extends AsyncDisposable {
  readonly url: string;
  /** Keys (`X-Tiffin-Key`) of the mails that were taken, in order: one for each time. */
  readonly taken: readonly string[];
  /** How often it behaved in which manner. */
  readonly counts: ReadonlyMap<Manner, number>;
}

export interface Roughness {
  /** How it treats the next mail. */
  readonly manner: () => Manner;
  /** These addresses it never takes. */
  readonly refuses: (address: string) => boolean;
  /** Whether nobody answers at all: nothing is connected to, and lines that were open are gone. */
  readonly closed?: () => boolean;
  /** Called at every step of every mail, before the server goes on. */
  readonly at: (step: MailStep) => void;
}

/** Milliseconds that an answer is late, and after which the server gives up on a line that it let hang. */
const late = 400;

/** A real SMTP server on the loopback interface that behaves as mail servers do on their worst days. */
export async function roughMailServer({ manner, refuses, closed, at }: Roughness): Promise<RoughMailServer> {
  const taken: string[] = [];
  const counts = new Map<Manner, number>();
  const sockets = new Map<string, Socket>();
  const portOf = ({ remotePort }: SMTPServerSession) => String(remotePort);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      at('connected');
      done();
    },
    onMailFrom(_address, session, done) {
      // A virtual clock passes over the moment at which a line that stands idle would have been cut.
      if (closed?.()) return sockets.get(portOf(session))?.destroy();
      at('from');
      done();
    },
    onRcptTo({ address }, _session, done) {
      at('to');
      if (refuses(address)) return done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }));
      done();
    },
    onData(stream, session, done) {
      at('data');
      const how = manner();
      counts.set(how, (counts.get(how) ?? 0) + 1);
      const cut = () => sockets.get(portOf(session))?.destroy();
      if (how === 'cut-before-dot') return cut();
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refusal = refusalOf(how);
        if (refusal) return done(refusal);
        if (how === 'hang') return void setTimeout(cut, 2 * late).unref();
        taken.push(/^X-Tiffin-Key:\s*(\S+)/im.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? '');
        at('dotted');
        const answer = () => {
          done();
          at('answered');
        };
        if (how === 'cut-after-dot') cut();
        else if (how === 'late') setTimeout(answer, late).unref();
        else answer();
      });
    },
  });
  server.on('error', () => {}); // Lines that are cut by either side.
  server.server.on('connection', (socket: Socket) => {
    if (closed?.()) socket.destroy();
    const port = String(socket.remotePort);
    sockets.set(port, socket);
    socket.on('close', () => sockets.delete(port));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    counts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.values()) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

function refusalOf(how: Manner): Error | undefined {
  if (how === 'later') return Object.assign(new Error('4.2.0 not now'), { responseCode: 451 });
  if (how === 'refuse-data') return Object.assign(new Error('5.7.1 not like this'), { responseCode: 554 });
  return undefined;
}
