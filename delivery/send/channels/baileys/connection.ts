import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '#engine';
import type { AuthState, Baileys, ConnectionUpdate, Socket, WireMessage, WireNode } from './library.ts';

/** What a connection is made with. */
export interface ConnectionTools {
  readonly library: Baileys;
  readonly auth: AuthState & { readonly save: () => Promise<void> };
  /** What was sent under an id: a phone that could not read it asks for it again. */
  readonly sent: (id: string) => Promise<WireMessage | undefined>;
  readonly heard: (receipt: WireNode) => Promise<void>;
  /** Codes to be scanned, one after the other, while no phone has linked the device. */
  readonly qr?: (text: string, socket: Socket) => void;
}

/** One connection to WhatsApp, from its beginning to its end. */
export interface Connection {
  readonly socket: Socket;
  /** Settles when messages can be sent, with true, or with false when it ended before. */
  readonly opened: Promise<boolean>;
  /**
   * Settles when it has ended and what it changed of the credentials is kept, with Baileys' number for the reason, if it was
   * not by us: whoever reads them then, or connects with them, has those that the phone has just linked.
   */
  readonly ended: Promise<Ending>;
  /** Rejects when the connection ends before: Baileys lets what was asked on it wait for a minute. */
  whileOpen<T>(asked: Promise<T>): Promise<T>;
  /** How many messages were begun to be written: one that was not begun has surely not gone. */
  begun(): number;
  end(): Promise<void>;
}

/** Who ended a connection: we, or WhatsApp and the net, by Baileys' number for why. */
export type Ending = { readonly kind: 'ours' } | { readonly kind: 'theirs'; readonly code?: number };

/** Milliseconds that ending a connection may take. */
const patience = 5_000;

/** Begins a connection. Baileys' own log stays silent: it has people's numbers and keys in it. */
export function connect({ library, auth, sent, heard, qr }: ConnectionTools): Connection {
  let begun = 0;
  let ours = false;
  let kept: Promise<unknown> = Promise.resolve();
  const opened = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<Ending>();
  const socket = library.makeWASocket({
    auth,
    logger: silent,
    // The phone is to ring as if nobody looked at a second screen.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    getMessage: ({ id }: { readonly id: string }) => sent(id),
    patchMessageBeforeSending: (message: unknown) => {
      begun += 1;
      return message;
    },
  });
  const end = async () => {
    ours = true;
    const all = socket.end(undefined).then(() => kept);
    await Promise.race([all, pause(patience, undefined, { ref: false })]);
    opened.resolve(false);
    // Only now: until then something could still be written.
    ended.resolve({ kind: 'ours' });
  };
  // Keys that cannot be kept are worse than no connection.
  socket.ev.on('creds.update', () => {
    const saved = auth.save();
    kept = saved.catch(() => {});
    saved.catch(end);
  });
  socket.ev.on('connection.update', (update: ConnectionUpdate) => {
    if (update.qr !== undefined) qr?.(update.qr, socket);
    if (update.connection === 'open') opened.resolve(true);
    if (update.connection === 'close') {
      opened.resolve(false);
      const code = update.lastDisconnect?.error?.output?.statusCode;
      const ending: Ending = ours ? { kind: 'ours' } : { kind: 'theirs', ...(code === undefined ? {} : { code }) };
      void kept.then(() => ended.resolve(ending));
    }
  });
  // Not its events: those wait until all that came while the device was away is read.
  socket.ws.on('CB:receipt', (node) => void heard(node).catch(end));
  const lost = ended.promise.then((): never => {
    throw new Fault('unreachable', 'the connection ended');
  });
  lost.catch(() => {});
  return {
    socket,
    opened: opened.promise,
    ended: ended.promise,
    whileOpen: (asked) => Promise.race([asked, lost]),
    begun: () => begun,
    end,
  };
}

const nothing = () => {};
const silent = {
  level: 'silent',
  child: () => silent,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
