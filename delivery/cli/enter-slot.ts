import { Fault } from '#engine';
import type { House } from '../house.ts';
import type { HeldMessage } from '../ledger/held-messages.ts';
import { type HeldSlot, keySlotOf, type SlotLimits } from '../ledger/slot.ts';
import { mayTestTo } from '../prepare/limits.ts';
import { resendNumber } from '../prepare/resend.ts';
import type { Slot } from '../slot/slot.ts';

/** What a person wants of a slot. */
export interface Wishes extends Pick<SlotLimits, 'edition' | 'recipient' | 'testTo'> {
  /** Send again what was sent. */
  readonly again: boolean;
}

/** A slot as it was entered, and what it is about. */
export interface EnteredSlot {
  readonly slot: Slot;
  readonly held: HeldSlot;
}

/**
 * Enters the slot, or the next issue of it. One that is limited to an edition or a recipient is entered beside the
 * period's own slot and has its keys, so that whoever gets a message now does not get it again when the whole is sent. A
 * test has keys of its own. What an earlier run with the same limits left unfinished is gone on with.
 */
export async function enterSlot(house: House, slot: Slot, wishes: Wishes, runId: string): Promise<EnteredSlot> {
  const { slots } = await house.ledger();
  const { again, ...wanted } = wishes;
  if (wanted.testTo !== undefined) checkTestAddress(wanted.testTo, house.testDomains);
  if (Object.keys(wanted).length === 0) {
    const newest = await slots.newest(slot.report, slot.id);
    // What is not yet sealed is gone on with, so that a crash between does not send twice.
    const issue = again && newest?.state === 'sealed' ? await nextIssue(house, slot, {}) : (newest?.resend ?? 0);
    return { slot, held: await slots.open(slot, { asked: true, resend: issue }) };
  }
  const limits: SlotLimits = { ...wanted, of: slot.id };
  const left = (await slots.unsealed()).find((one) => one.report === slot.report && sameLimits(one.limits, limits));
  if (left) return { slot: left.about, held: left };
  const open = async (kind: 'asked' | 'test', resend: number): Promise<EnteredSlot> => {
    const limited = { ...slot, id: `${kind}/${runId}` };
    return { slot: limited, held: await slots.open(limited, { asked: true, resend, limits }) };
  };
  if (wanted.testTo !== undefined) return open('test', 0);
  const issue = again ? await nextIssue(house, slot, limits) : await slots.lastIssue(slot.report, slot.id);
  return open('asked', issue ?? 0);
}

/** The number of the next issue; throws while a message of this one may still go out. */
async function nextIssue(house: House, slot: Slot, limits: SlotLimits): Promise<number> {
  const { slots, messages } = await house.ledger();
  const sent = (await messages.ofSlot(slot.report, slot.id)).filter((message) => isWanted(message, limits));
  return resendNumber(slot, await slots.lastIssue(slot.report, slot.id), sent);
}

/** The slot as an answer calls it: of a limited run the period's, of a test its own. */
export function slotName(held: Pick<HeldSlot, 'slot' | 'limits'>): string {
  return keySlotOf(held);
}

/** Whether a limited run is about this message. */
export function isWanted(
  { edition, recipient }: Pick<HeldMessage, 'edition' | 'recipient'>,
  only: SlotLimits,
): boolean {
  return (
    (only.edition === undefined || edition === only.edition) &&
    (only.recipient === undefined || recipient === only.recipient)
  );
}

function sameLimits(a: SlotLimits, b: SlotLimits): boolean {
  return (['edition', 'recipient', 'testTo', 'of'] as const).every((name) => a[name] === b[name]);
}

function checkTestAddress(address: string, domains: readonly string[]): void {
  if (mayTestTo(address, domains)) return;
  throw new Fault('invalid', `--test-to ${address}: tests go only to the domains of test_domains in project.yml`, {
    hint: domains.length > 0 ? `Allowed: ${domains.join(', ')}.` : 'None is allowed yet.',
  });
}
