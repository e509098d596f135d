import { type Backlog, type Due, dueSlots } from './due.ts';
import { slotsPassed } from './holidays.ts';
import type { SlotRule } from './slot.ts';
import type { Ticks } from './ticks.ts';

/** Half-open stretch of instants. */
export interface Stretch {
  readonly from: Date;
  readonly until: Date;
}

/** A slot as a daemon would come to it, at the instant it looked. */
export type Simulated = Due & { readonly at: Date };

/**
 * What a daemon would do about a report over a stretch of virtual time, by the functions that it decides with. It looks
 * at each tick and whenever it wakes; `asleep` are the stretches in which its machine is off. What it enters it
 * remembers, as the ledger does.
 */
export function simulateSlots(
  rule: SlotRule,
  ticks: Ticks,
  backlog: Backlog,
  over: Stretch,
  asleep: readonly Stretch[] = [],
): Simulated[] {
  const entered: Simulated[] = [];
  const held = new Set<string>();
  let since = over.from;
  for (const at of looks(rule, ticks, over, asleep)) {
    for (const due of dueSlots(rule, ticks, backlog, { since, holds: (slot) => held.has(slot) }, at)) {
      entered.push({ ...due, at });
      held.add(due.slot.id);
      if (due.slot.tick > since) since = due.slot.tick;
    }
  }
  return entered;
}

/** The instants at which a daemon looks: ticks while it is awake, and its wakings. */
function looks(rule: SlotRule, ticks: Ticks, over: Stretch, asleep: readonly Stretch[]): Date[] {
  const sleepAt = (at: Date) => asleep.find(({ from, until }) => from <= at && at < until);
  const last = new Date(over.until.getTime() - 1);
  const passed = slotsPassed(rule, ticks, over.from, last, Number.POSITIVE_INFINITY);
  const instants = [...asleep.map(({ until }) => until), ...passed.map(({ slot }) => slot.tick)];
  return instants
    .filter((at) => over.from <= at && at < over.until && sleepAt(at) === undefined)
    .sort((a, b) => a.getTime() - b.getTime());
}
