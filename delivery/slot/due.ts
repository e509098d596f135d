import { slotsPassed } from './holidays.ts';
import type { Slot, SlotRule } from './slot.ts';
import type { Ticks } from './ticks.ts';

/** What to do about slots that passed while nobody looked: send the newest, all of them, or none. */
export type Backlog = 'latest' | 'all' | 'none';

/** What the ledger knows about a report. */
export interface SlotHistory {
  /** Slots before this instant are history: a new report does not send it. */
  readonly since: Date;
  readonly holds: (slot: string) => boolean;
}

export type Due =
  | { readonly kind: 'open'; readonly slot: Slot }
  | { readonly kind: 'skip'; readonly slot: Slot; readonly reason: string };

/** A slot this late was missed by a daemon that was not running, rather than waited for by one that was. */
const promptly = 10 * 60_000;
/** Ticks looked back at; what lies further is as good as history. */
const horizon = 400;

/**
 * The slots whose time has passed and that the ledger does not hold, oldest first; those that the backlog rule leaves
 * out are named too, so that they can be recorded. No timer is involved: whoever was asleep asks again and misses
 * nothing, and nobody who asks twice gets a slot that is held.
 */
export function dueSlots(rule: SlotRule, ticks: Ticks, backlog: Backlog, history: SlotHistory, now: Date): Due[] {
  const passed = slotsPassed(rule, ticks, history.since, now, horizon);
  const newest = passed.find(({ holiday }) => !holiday)?.slot.tick ?? now;
  const due: Due[] = [];
  for (const { slot, holiday } of passed) {
    if (history.holds(slot.id) || due.some((one) => one.slot.id === slot.id)) continue;
    const late = now.getTime() - slot.tick.getTime() > promptly;
    if (holiday) {
      due.push({ kind: 'skip', slot, reason: 'it falls on a holiday' });
    } else if (slot.usefulUntil !== undefined && slot.usefulUntil <= now) {
      due.push({ kind: 'skip', slot, reason: 'its useful time had passed' });
    } else if (backlog === 'latest' && slot.tick < newest) {
      due.push({ kind: 'skip', slot, reason: 'a newer slot is due (backlog: latest)' });
    } else if (backlog === 'none' && late) {
      due.push({ kind: 'skip', slot, reason: 'it was missed (backlog: none)' });
    } else {
      due.push({ kind: 'open', slot });
    }
  }
  return due.reverse();
}
