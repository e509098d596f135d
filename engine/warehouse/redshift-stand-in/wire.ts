import type { Readable } from 'node:stream';

/** A message of PostgreSQL's protocol, version 3, either way: its letter and what follows the length. */
export interface Frame {
  readonly letter: string;
  readonly body: Buffer;
}

/** The messages that come in on a socket, whole, in order. Ends with the socket, however that ends. */
export async function* framesOf(socket: Readable): AsyncGenerator<Frame, void, void> {
  let held = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let at = 0;
      while (held.length - at >= 5) {
        const end = at + 1 + held.readUInt32BE(at + 1);
        if (held.length < end) break;
        yield { letter: String.fromCharCode(held[at] ?? 0), body: held.subarray(at + 5, end) };
        at = end;
      }
      held = held.subarray(at);
    }
  } catch {
    // A line that breaks is a line that ends.
  }
}

/** A message as bytes. */
export function frame(letter: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Text as the protocol writes it: UTF-8 and a zero. */
export const zeroEnded = (...texts: readonly string[]): Buffer => Buffer.from(`${texts.join('\0')}\0`);

/** The texts of a body, each ended by a zero. */
export const textsOf = (body: Buffer): string[] => body.toString('utf8').split('\0');

/** What a server says of a failure, by its letters: S severity, C SQLSTATE, M message, D detail, H hint, P position. */
export type ErrorFields = Readonly<Record<string, string>>;

export function errorFields(body: Buffer): ErrorFields {
  return Object.fromEntries(textsOf(body).flatMap((text) => (text === '' ? [] : [[text.slice(0, 1), text.slice(1)]])));
}

export function errorFrame(fields: ErrorFields): Buffer {
  const texts = Object.entries({ S: 'ERROR', ...fields }).map(([letter, text]) => letter + text);
  return frame('E', Buffer.concat([zeroEnded(...texts), Buffer.from([0])]));
}
