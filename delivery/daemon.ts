import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '#engine';
import { ping } from './alert/ping.ts';
import { tellOwners } from './alert/tell-owners.ts';
import { openPublic, type PublicTools } from './api/public.ts';
import { lookForUnclear } from './confirm/look.ts';
import { type House, laneTools } from './house.ts';
import type { UnsealedSlot } from './ledger/slots.ts';
import { fillSlot } from './prepare/fill-slot.ts';
import { openSlot } from './prepare/open-slot.ts';
import type { Report } from './report/schema.ts';
import { sendLane } from './send/send-lane.ts';
import { withoutAddresses } from './send/without-addresses.ts';
import { dueSlots } from './slot/due.ts';
import { ruleOf } from './slot/rule.ts';
import { readTicks } from './slot/ticks.ts';
import { instantOf } from './slot/zone.ts';

/** How often the daemon looks, in milliseconds, and after how many seconds an unclear part is held for a person. */
export interface Rounds {
  readonly slots: number;
  /** For lanes with something to send: one small question for all of them. */
  readonly lanes: number;
  /** For leases that ran out and parts that are unclear. */
  readonly unclear: number;
  /** A report is looked at when its schedule ticks, and at least this often: another process may have changed its slots. */
  readonly reports: number;
  /** For troubles that owners are to know. */
  readonly notices: number;
  readonly ping: number;
  readonly afterFailure: number;
  readonly holdAfter: number;
}

export const usualRounds: Rounds = {
  slots: 1_000,
  lanes: 200,
  unclear: 5_000,
  reports: 60_000,
  notices: 15_000,
  ping: 60_000,
  afterFailure: 60_000,
  holdAfter: 600,
};

/**
 * Opens slots when they are due, prepares them when their data is there, and sends, until the signal. Each round asks
 * the ledger and the clock anew, so a daemon that was away misses nothing; two daemons do nothing twice. Sends under way
 * end before it returns.
 */
export async function runDaemon(house: House, rounds: Rounds, signal: AbortSignal): Promise<void> {
  house.log.info({ reports: house.reports.length, lanes: [...house.lanes.keys()] }, 'the daemon is up');
  for (const problem of house.problems) house.log.error({ file: problem.file, line: problem.line }, problem.message);
  signal.addEventListener('abort', () => house.log.info({}, 'the daemon is stopping'), { once: true });
  const sending = new Map<string, Promise<void>>();
  const failedAt = new Map<string, number>();
  const lookedAt = new Map<string, number>();
  await using _public = house.publicListen && (await openPublic(house.publicListen, await publicTools(house)));
  const wellAt = new Map<string, number>();
  const repeat = (name: string, wait: number, round: () => Promise<void>) =>
    untilStopped(house, name, wait, signal, async () => {
      await round();
      wellAt.set(name, Date.now());
    });
  await Promise.all([
    repeat('slots', rounds.slots, () => slotRound(house, { failedAt, lookedAt }, rounds, signal)),
    repeat('lanes', rounds.lanes, () => lanesRound(house, sending, rounds, signal)),
    repeat('unclear', rounds.unclear, () => unclearRound(house, rounds, signal)),
    repeat('notices', rounds.notices, () => noticeRound(house)),
    untilStopped(house, 'ping', rounds.ping, signal, () => pingRound(house, wellAt, signal)),
  ]);
  await Promise.all(sending.values());
  house.log.info({}, 'the daemon has stopped');
}

/** Repeats a round; one that fails is logged and repeated like any other, after a longer wait. */
async function untilStopped(
  house: House,
  name: string,
  wait: number,
  signal: AbortSignal,
  round: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    let next = wait;
    try {
      await round();
    } catch (error) {
      if (!signal.aborted) house.log.error({ round: name, error: messageOf(error) }, 'a round failed');
      next = Math.max(wait, 5_000);
    }
    await pause(next, undefined, { signal }).catch(() => {});
  }
}

/** Starts the lanes that have something to send and are not at it; a lane under way takes what comes meanwhile itself. */
async function lanesRound(
  house: House,
  sending: Map<string, Promise<void>>,
  rounds: Rounds,
  signal: AbortSignal,
): Promise<void> {
  const idle = [...house.lanes.keys()].filter((lane) => !sending.has(lane));
  if (idle.length === 0) return;
  for (const lane of await (await house.ledger()).ready(idle)) {
    const round = sendAndRest(house, lane, rounds, signal);
    sending.set(
      lane,
      round.finally(() => sending.delete(lane)),
    );
  }
}

/** Sends what waits in a lane; where that cannot be done it is left alone for a while. */
async function sendAndRest(house: House, lane: string, rounds: Rounds, signal: AbortSignal): Promise<void> {
  try {
    const { tools, work } = await laneTools(house, lane);
    const result = await sendLane(tools, work, signal);
    if (result.kind === 'taken') await pause(rounds.unclear / 5, undefined, { signal }).catch(() => {});
    else if (result.sent > 0) house.log.info({ lane, sent: result.sent }, 'sent');
  } catch (error) {
    house.log.error({ lane, error: messageOf(error) }, 'a lane failed');
    await pause(rounds.unclear, undefined, { signal }).catch(() => {});
  }
}

async function unclearRound(house: House, { holdAfter }: Rounds, signal: AbortSignal): Promise<void> {
  const ledger = await house.ledger();
  await ledger.sweep();
  for (const lane of house.lanes.keys()) {
    await lookForUnclear(ledger.unclear, house.channel(lane), { lane, holdAfter }, new Date(), signal);
  }
}

async function publicTools(house: House): Promise<PublicTools> {
  const { secret, unsubscribe } = await house.ledger();
  return { secret, unsubscribe, files: house.files, log: house.log, now: () => new Date() };
}

async function noticeRound(house: House): Promise<void> {
  const owners = new Map(house.reports.map((report) => [report.name, report.owners]));
  const tools = { ...(await house.ledger()), files: house.files };
  for (const notice of await tellOwners(tools, { owners, lanes: house.lanes }, house.digest, new Date())) {
    house.log.warn({ notice }, 'owners are told');
  }
}

/** A round that has not ended well for this long, in milliseconds, is no longer well. */
const wellFor = 10 * 60_000;

/** Says outside that the daemon is well, as long as each of its rounds is. */
async function pingRound(house: House, wellAt: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
  if (house.pingUrl === undefined) return;
  const well = ['slots', 'lanes', 'unclear', 'notices'].every((name) => Date.now() - (wellAt.get(name) ?? 0) < wellFor);
  if (!well) return;
  const wrong = await ping(house.pingUrl, signal);
  if (wrong !== undefined && !signal.aborted) house.log.warn({ reason: wrong }, 'the watcher could not be told');
}

/** When a report was last looked at and when a slot last failed, in milliseconds; lost at a restart without harm. */
interface Looks {
  readonly lookedAt: Map<string, number>;
  readonly failedAt: Map<string, number>;
}

async function slotRound(house: House, looks: Looks, rounds: Rounds, signal: AbortSignal): Promise<void> {
  const now = new Date();
  for (const report of house.reports) {
    if (report.schedule === undefined || !mayBeDue(house, report, looks.lookedAt, rounds, now)) continue;
    await enterDue(house, report, now);
    looks.lookedAt.set(report.name, now.getTime());
  }
  for (const held of await (await house.ledger()).slots.unsealed()) {
    if (signal.aborted) return;
    const report = house.reports.find(({ name }) => name === held.report);
    const since = looks.failedAt.get(held.id);
    if (report === undefined || (since !== undefined && Date.now() - since < rounds.afterFailure)) continue;
    try {
      await prepare(house, report, held, signal);
      looks.failedAt.delete(held.id);
    } catch (error) {
      if (signal.aborted) return;
      looks.failedAt.set(held.id, Date.now());
      await (await house.ledger()).slots.failed(held.id, withoutAddresses(messageOf(error)));
      house.log.error(
        { report: held.report, slot: held.slot, error: messageOf(error) },
        'a slot failed; it is tried again',
      );
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
  const { timezone } = ruleOf(report, house.config.calendar.timezone);
  return readTicks(report.schedule?.cron ?? '', timezone).before(now, new Date(last + 1), 1).length > 0;
}

/** Enters a report's due slots into the ledger, those that its backlog rule leaves out as skipped. */
async function enterDue(house: House, report: Report, now: Date): Promise<void> {
  const { slots } = await house.ledger();
  const rule = ruleOf(report, house.config.calendar.timezone);
  const ticks = readTicks(report.schedule?.cron ?? '', rule.timezone);
  const start = report.start === undefined ? undefined : instantOf(report.start, '00:00', rule.timezone);
  const history = await slots.history(report.name, now, start);
  const all = dueSlots(rule, ticks, report.backlog, history, now);
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
