import type { ImapFlow } from 'imapflow';
import { Fault, messageOf } from '#engine';
import { withoutAddresses } from '../without-addresses.ts';

/** A folder of an IMAP server, opened for reading only: nothing in it is changed, marked or deleted. */
export type Folder = Pick<ImapFlow, 'search' | 'fetch' | 'fetchOne'> & {
  /** Changes when the server has numbered the folder's mails anew. */
  readonly uidValidity: string;
  /** The number that the next mail will have, at least. */
  readonly uidNext: number;
};

/** A mailbox that mails of ours, or answers to them, come to. */
export interface Mailbox extends AsyncDisposable {
  /** Works in the folder as it is now, one after the other. Throws `Fault` unreachable. */
  read<T>(signal: AbortSignal, work: (folder: Folder) => Promise<T>): Promise<T>;
}

/** Where a mailbox is and how to enter it. */
export interface MailboxPlace {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`imaps://`). */
  readonly secure: boolean;
  readonly user: string;
  readonly pass: string;
  readonly folder: string;
}

/** Reads `imaps://user:password@host`. Throws `Fault` invalid; what is wrong is said without the URL. */
export function mailboxPlace(url: string, folder: string, where: string): MailboxPlace {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^imaps?:$/.test(parsed.protocol) || !parsed.hostname || parsed.username === '') {
    throw new Fault('invalid', `${where} is not the URL of a mailbox`, {
      hint: 'Write imaps://user:password@host, an @ of the user as %40.',
    });
  }
  const secure = parsed.protocol === 'imaps:';
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port) || (secure ? 993 : 143),
    secure,
    user: decodeURIComponent(parsed.username),
    pass: decodeURIComponent(parsed.password),
    folder,
  };
}

/** Opens a mailbox when it is first read. Its line is kept for the next time, and opened anew when it broke meanwhile. */
export function openMailbox(place: MailboxPlace): Mailbox {
  let line: ImapFlow | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function readNow<T>(signal: AbortSignal, work: (folder: Folder) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (line?.usable !== true) line = await lineTo(place);
    const client = line;
    const stop = () => client.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (!client.authenticated) await client.connect();
      // Opened again each time: what came meanwhile is then surely seen.
      const { uidValidity, uidNext } = await client.mailboxOpen(place.folder, { readOnly: true });
      return await work({
        search: client.search.bind(client),
        fetch: client.fetch.bind(client),
        fetchOne: client.fetchOne.bind(client),
        uidValidity: String(uidValidity),
        uidNext,
      });
    } catch (error) {
      client.close();
      signal.throwIfAborted();
      throw new Fault('unreachable', `the mailbox cannot be read: ${withoutAddresses(whyOf(error))}`, { cause: error });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    read(signal, work) {
      const turn = last.then(() => readNow(signal, work));
      last = turn.catch(() => {});
      return turn;
    },
    async [Symbol.asyncDispose]() {
      if (line?.usable) await line.logout().catch(() => {});
      line?.close();
    },
  };
}

async function lineTo({ host, port, secure, user, pass }: MailboxPlace): Promise<ImapFlow> {
  // Loaded only here: a third of a second that most commands never need.
  const { ImapFlow } = await import('imapflow');
  const near = host === 'localhost' || host === '127.0.0.1' || host === '::1';
  const client = new ImapFlow({
    host,
    port,
    secure,
    auth: { user, pass },
    // A password never crosses a network in plain text.
    ...(secure ? {} : { doSTARTTLS: !near }),
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
  });
  // Every failure is also given to the call that waits; an idle line that breaks is only not used again.
  client.on('error', () => {});
  return client;
}

/** The server's own words where it gave some: imapflow's message is only "Command failed". */
function whyOf(error: unknown): string {
  const { responseText } = error as { readonly responseText?: unknown };
  return typeof responseText === 'string' && responseText !== '' ? responseText : messageOf(error);
}
