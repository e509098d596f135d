import type { Ending } from './connection.ts';

/** What is done after a connection has ended. */
export type AfterClose =
  /** Connect again, at once or after so many seconds. */
  | { readonly kind: 'again'; readonly seconds: number; readonly reason: string }
  /** A person has to do something: nothing is tried until the lane is paired again. `unlinked`: its keys are of no more use. */
  | { readonly kind: 'stop'; readonly reason: string; readonly unlinked: boolean };

const again = (reason: string, seconds = 0): AfterClose => ({ kind: 'again', seconds, reason });
const stop = (reason: string, unlinked = false): AfterClose => ({ kind: 'stop', reason, unlinked });

/** Why WhatsApp ends a connection, by the number that Baileys gives it (its DisconnectReason, and those of the handshake). */
const closings: Readonly<Record<number, AfterClose>> = {
  401: stop('the phone has unlinked this device: pair it again', true),
  402: stop('WhatsApp has banned the account for a time'),
  403: stop('WhatsApp has restricted the account'),
  405: stop('WhatsApp no longer takes this version of Baileys'),
  406: stop('WhatsApp has banned the account'),
  408: again('the connection was lost'),
  411: stop('the phone does not know linked devices: pair it again', true),
  419: stop('WhatsApp no longer knows this device: pair it again', true),
  428: again('the connection was closed'),
  429: again('WhatsApp asks to go slower', 15 * 60),
  440: again('another program uses this session', 5 * 60),
  500: again('WhatsApp says that the session is bad', 5 * 60),
  503: again('WhatsApp is not available', 60),
  515: again('WhatsApp asks to connect anew'),
};

/** What to do after a connection has ended; what nobody knows is tried again after a minute. */
export function afterClose(ending: Ending): AfterClose {
  if (ending.kind === 'ours') return again('the connection was given up');
  const { code } = ending;
  return (
    (code === undefined ? undefined : closings[code]) ?? again(`the connection ended (${code ?? 'no reason'})`, 60)
  );
}
