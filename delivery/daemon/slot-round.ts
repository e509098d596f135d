import { messageOf } from '#engine';
import type { House } from '../house.ts';
import type { UnsealedSlot } from '../ledger/slot.ts';
import { fillSlot } from '../prepare/fill-slot.ts';
import { openSlot } from '../prepare/open-slot.ts';
import type { Report } from '../report/schema.ts';
import { withoutAddresses } from '../send/without-addresses.ts';
import { type Due, dueSlots } from '../slot/due.ts';
import { slotsPassed } from '../slot/holidays.ts';
import { ruleOf } from '../slot/rule.ts';
import { readTicks } from '../slot/ticks.ts';
import { instantOf } from '../slot/zone.ts';
import type { Rounds } from './rounds.ts';

/** When a report was last looked at and when a slot last failed, in milliseconds; lost at a restart without harm. */
export interface Looks {
  readonly lookedAt: Map<string, number>;
  readonly failedAt: Map<string, number>;
}

/** Opens the slots that are due and prepares those whose data is there. */
export async function slotRound(house: House, looks: Looks, rounds: Rounds, signal: AbortSignal): Promise<void> {
  const now = house.now();
  const { slots, hold } = await house.ledger();
  if ((await hold.held()) !== undefined) return;
  for (const report of house.reports) {
    if (report.schedule === undefined || !mayBeDue(house, report, looks.lookedAt, rounds, now)) continue;
    await enterDue(house, report, now);
    looks.lookedAt.set(report.name, now.getTime());
  }
  for (const held of await slots.unsealed()) {
    if (signal.aborted) return;
    const report = house.reports.find(({ name }) => name === held.report);
    const since = looks.failedAt.get(held.id);
    if (report === undefined || (since !== undefined && house.now().getTime() - since < rounds.afterFailure)) continue;
    try {
      await prepare(house, report, held, signal);
      looks.failedAt.delete(held.id);
    } catch (error) {
      if (signal.aborted) return;
      looks.failedAt.set(held.id, house.now().getTime());
      await slots.failed(held.id, withoutAddresses(messageOf(error)));
      const facts = { report: held.report, slot: held.slot, error: messageOf(error) };
      house.log.error(facts, 'a slot failed; it is tried again');
    }
  }
}

/** Nothing can be due between two ticks; so the ledger is asked after one, and now and then. */
function mayBeDue(
  house: House,
  report: Report,
  lookedAt: ReadonlyMap<string, number>,
  rounds: Rounds,
  now: Date,
): boolean {
  const last = lookedAt.get(report.name);
  if (last === undefined || now.getTime() - last >= rounds.reports) return true;
  const rule = ruleOf(report, house.config.calendar.timezone);
  const ticks = readTicks(report.schedule?.cron ?? '', rule.timezone);
  return slotsPassed(rule, ticks, new Date(last + 1), now, 1).length > 0;
}

/** The slots of a report that are due and that the ledger does not hold. */
export async function dueNow(house: House, report: Report, now: Date): Promise<Due[]> {
  const { slots } = await house.ledger();
  const rule = ruleOf(report, house.config.calendar.timezone);
  const ticks = readTicks(report.schedule?.cron ?? '', rule.timezone);
  const start = report.start === undefined ? undefined : instantOf(report.start, '00:00', rule.timezone);
  return dueSlots(rule, ticks, report.backlog, await slots.history(report.name, now, start), now);
}

/** Enters a report's due slots into the ledger, those that its backlog rule leaves out as skipped. */
async function enterDue(house: House, report: Report, now: Date): Promise<void> {
  const { slots } = await house.ledger();
  const all = await dueNow(house, report, now);
  for (const due of all) {
    const held = await slots.open(due.slot, { asked: false, resend: 0 });
    // Of a backlog only the newest is news: that nothing at all was sent for it.
    if (due.kind === 'skip') await slots.end(held.id, 'skipped', due.reason, due === all.at(-1));
    house.log.info({ report: report.name, slot: due.slot.id }, due.kind === 'skip' ? due.reason : 'due');
  }
}

/** Takes a slot as far as its data allows: to its sealing, or not yet. */
async function prepare(house: House, report: Report, held: UnsealedSlot, signal: AbortSignal): Promise<void> {
  const tools = await house.prepareTools();
  const slot = held.about;
  const opened = await openSlot(tools, { report, slot, held, run: held.id }, signal);
  if (opened.kind === 'waiting') return;
  if (opened.kind === 'ended') {
    const facts = { report: report.name, slot: slot.id, owners: report.owners.length };
    if (opened.tellOwners) house.log.error(facts, opened.reason);
    else house.log.info(facts, opened.reason);
    return;
  }
  const added = await fillSlot(tools, report, slot, held, opened.content, signal);
  house.log.info({ report: report.name, slot: slot.id, messages: added }, 'sealed');
}
