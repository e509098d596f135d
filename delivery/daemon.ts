import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '#engine';
import { lookForUnclear } from './confirm/look.ts';
import { type House, laneTools } from './house.ts';
import type { UnsealedSlot } from './ledger/slots.ts';
import { fillSlot } from './prepare/fill-slot.ts';
import { openSlot } from './prepare/open-slot.ts';
import type { Report } from './report/schema.ts';
import { sendLane } from './send/send-lane.ts';
import { dueSlots } from './slot/due.ts';
import { ruleOf } from './slot/rule.ts';
import { readTicks } from './slot/ticks.ts';
import { instantOf } from './slot/zone.ts';

/** How often the daemon looks, in milliseconds, and after how many seconds an unclear part is held for a person. */
export interface Rounds {
  readonly slots: number;
  readonly lanes: number;
  readonly afterFailure: number;
  readonly holdAfter: number;
}

export const usualRounds: Rounds = { slots: 5_000, lanes: 1_000, afterFailure: 60_000, holdAfter: 600 };

/**
 * Opens slots when they are due, prepares them when their data is there, and sends, until the signal. Each round asks
 * the ledger and the clock anew, so a daemon that was away misses nothing; two daemons do nothing twice. Sends under way
 * end before it returns.
 */
export async function runDaemon(house: House, rounds: Rounds, signal: AbortSignal): Promise<void> {
  house.log.info({ reports: house.reports.length, lanes: [...house.lanes.keys()] }, 'the daemon is up');
  for (const problem of house.problems) house.log.error({ file: problem.file, line: problem.line }, problem.message);
  signal.addEventListener('abort', () => house.log.info({}, 'the daemon is stopping'), { once: true });
  const failedAt = new Map<string, number>();
  await Promise.all([
    untilStopped(house, 'slots', rounds.slots, signal, () => slotRound(house, failedAt, rounds, signal)),
    ...[...house.lanes.keys()].map((lane) =>
      untilStopped(house, lane, rounds.lanes, signal, () => laneRound(house, lane, rounds, signal)),
    ),
  ]);
  house.log.info({}, 'the daemon has stopped');
}

/** Repeats a round; one that fails is logged and repeated like any other. */
async function untilStopped(
  house: House,
  name: string,
  wait: number,
  signal: AbortSignal,
  round: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await round();
    } catch (error) {
      if (!signal.aborted) house.log.error({ round: name, error: messageOf(error) }, 'a round failed');
    }
    await pause(wait, undefined, { signal }).catch(() => {});
  }
}

async function laneRound(house: House, lane: string, { holdAfter }: Rounds, signal: AbortSignal): Promise<void> {
  const ledger = await house.ledger();
  const { tools, work } = await laneTools(house, lane);
  await ledger.sweep();
  await lookForUnclear(ledger.unclear, house.channel(lane), { lane, holdAfter }, new Date(), signal);
  const result = await sendLane(tools, work, signal);
  if (result.kind === 'drained' && result.sent > 0) house.log.info({ lane, sent: result.sent }, 'sent');
}

async function slotRound(
  house: House,
  failedAt: Map<string, number>,
  rounds: Rounds,
  signal: AbortSignal,
): Promise<void> {
  for (const report of house.reports) if (report.schedule) await enterDue(house, report);
  for (const held of await (await house.ledger()).slots.unsealed()) {
    if (signal.aborted) return;
    const report = house.reports.find(({ name }) => name === held.report);
    const since = failedAt.get(held.id);
    if (report === undefined || (since !== undefined && Date.now() - since < rounds.afterFailure)) continue;
    try {
      await prepare(house, report, held, signal);
      failedAt.delete(held.id);
    } catch (error) {
      if (signal.aborted) return;
      failedAt.set(held.id, Date.now());
      house.log.error(
        { report: held.report, slot: held.slot, error: messageOf(error) },
        'a slot failed; it is tried again',
      );
    }
  }
}

/** Enters a report's due slots into the ledger, those that its backlog rule leaves out as skipped. */
async function enterDue(house: House, report: Report): Promise<void> {
  const { slots } = await house.ledger();
  const now = new Date();
  const rule = ruleOf(report, house.config.calendar.timezone);
  const ticks = readTicks(report.schedule?.cron ?? '', rule.timezone);
  const start = report.start === undefined ? undefined : instantOf(report.start, '00:00', rule.timezone);
  const history = await slots.history(report.name, now, start);
  for (const due of dueSlots(rule, ticks, report.backlog, history, now)) {
    const held = await slots.open(due.slot, { asked: false, resend: 0 });
    if (due.kind === 'skip') await slots.end(held.id, 'skipped', due.reason);
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
