import { type Call, Fault, showProblem } from '#engine';
import { whole } from '../edition/edition.ts';
import { planMessages } from '../edition/plan-messages.ts';
import type { House } from '../house.ts';
import type { Report } from '../report/schema.ts';
import type { CalendarDate } from '../slot/calendar-date.ts';
import { parseDay } from '../slot/period.ts';
import { ruleOf } from '../slot/rule.ts';
import { simulateSlots } from '../slot/simulate.ts';
import { readTicks } from '../slot/ticks.ts';
import { instantOf, localTime } from '../slot/zone.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `--from D --until D [--target T]

What the daemon would do over a stretch of virtual time, day D of --until not included: each slot with the local time at
which it opens, its deadline and expiry, and how many messages its lists make. Takes the data to be there in time, starts
from an empty ledger and asks no database.
${targetUsage}`;
export const options = { ...targetOption, from: { type: 'string' }, until: { type: 'string' } } as const;
export const examples = ['simulate --from 2022-03-01 --until 2022-04-01'];

/** What becomes of one slot. */
interface SimulatedSlot {
  readonly at: string;
  readonly local: string;
  readonly report: string;
  readonly slot: string;
  readonly outcome: 'open' | 'skip';
  readonly reason: string | null;
  readonly deadline: string | null;
  readonly useful_until: string | null;
  /** To people of lists; those of queries are known only when they are read. */
  readonly messages: number;
  readonly more_by_query: boolean;
  /** So many for each edition, which a query names. */
  readonly per_edition: boolean;
}

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  for (const problem of house.problems) call.note(showProblem(problem));
  const { timezone } = house.config.calendar;
  const from = instantOf(dayNamed(call, 'from'), '00:00', timezone);
  const until = instantOf(dayNamed(call, 'until'), '00:00', timezone);
  if (from >= until) throw new Fault('invalid', '--until is not after --from');
  const slots = house.reports
    .flatMap((report) => slotsOf(house, report, { from, until }))
    .sort((a, b) => (a.at === b.at ? a.report.localeCompare(b.report) : a.at < b.at ? -1 : 1));
  for (const { local, report, slot, outcome, reason, messages, more_by_query, per_edition } of slots) {
    const count = `${messages} messages${more_by_query ? ' and those of queries' : ''}${per_edition ? ', for each edition' : ''}`;
    call.print(`${local}  ${report} ${slot}  ${outcome === 'open' ? count : reason}`);
  }
  const opened = slots.filter(({ outcome }) => outcome === 'open');
  const total = opened.reduce((sum, { messages }) => sum + messages, 0);
  const least = opened.some((one) => one.more_by_query || one.per_edition) ? 'at least ' : '';
  call.print(`${opened.length} slots, ${least}${total} messages`);
  call.answer({ slots, opened: opened.length, messages: total });
  return 0;
}

function slotsOf(house: House, report: Report, over: { readonly from: Date; readonly until: Date }): SimulatedSlot[] {
  if (report.schedule === undefined) return [];
  const rule = ruleOf(report, house.config.calendar.timezone);
  const start = report.start === undefined ? over.from : instantOf(report.start, '00:00', rule.timezone);
  const own = { from: new Date(Math.max(start.getTime(), over.from.getTime())), until: over.until };
  const audience = new Map(
    report.deliver.map(({ id, to }) => [id, 'list' in to ? (house.lists.get(to.list) ?? []) : []] as const),
  );
  const { messages } = planMessages(report, [whole], ({ id }) => audience.get(id) ?? [], {
    lanes: house.lanes,
    project: house.config.calendar,
  });
  const byQuery = report.deliver.some(({ to }) => 'query' in to);
  const ticks = readTicks(report.schedule.cron, rule.timezone);
  return simulateSlots(rule, ticks, report.backlog, own).map((one) => {
    const { date, time } = localTime(one.at, rule.timezone);
    return {
      at: one.at.toISOString(),
      local: `${date} ${time.slice(0, 5)}`,
      report: report.name,
      slot: one.slot.id,
      outcome: one.kind,
      reason: one.kind === 'skip' ? one.reason : null,
      deadline: one.slot.deadline?.toISOString() ?? null,
      useful_until: one.slot.usefulUntil?.toISOString() ?? null,
      messages: one.kind === 'open' ? messages.length : 0,
      more_by_query: byQuery,
      per_edition: report.for_each !== undefined,
    };
  });
}

function dayNamed(call: Call, name: string): CalendarDate {
  const text = textOf(call, name);
  const day = text === undefined ? undefined : parseDay(text);
  if (day !== undefined) return day;
  throw new Fault('invalid', text ? `--${name} ${text} is no date` : `--${name} is missing`, {
    hint: 'delivery simulate --from 2026-01-01 --until 2027-01-01',
  });
}
