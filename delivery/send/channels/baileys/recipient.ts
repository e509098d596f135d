import type { SendOutcome } from '../../channel.ts';
import type { Socket } from './library.ts';

/** Where a part goes in WhatsApp's words, or why it cannot. */
export type Address = { readonly kind: 'jid'; readonly jid: string } | Extract<SendOutcome, { kind: 'refused' }>;

/**
 * Finds who an address is: a phone number that is on WhatsApp, or `group:` and a group's name, sign for sign. A name that
 * two groups have is nobody's. Contacts have their names on the phone alone.
 */
export async function findRecipient(socket: Socket, address: string): Promise<Address> {
  if (/^\+\d+$/.test(address)) {
    const [found] = (await socket.onWhatsApp(address)) ?? [];
    return found?.exists
      ? { kind: 'jid', jid: found.jid }
      : { kind: 'refused', reason: 'the number is not on WhatsApp' };
  }
  const name = /^group:\s*(\S.*)$/.exec(address)?.[1];
  if (name === undefined)
    return { kind: 'refused', reason: 'a linked device does not know contacts by name: give the number' };
  const groups = Object.values(await socket.groupFetchAllParticipating());
  const [group, second] = groups.filter(({ subject }) => subject === name);
  if (group === undefined) return { kind: 'refused', reason: 'this account is in no group of that name' };
  if (second !== undefined) return { kind: 'refused', reason: 'this account is in two groups of that name' };
  return { kind: 'jid', jid: group.id };
}
