import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '#engine';
import type { TrailEvent } from '../ledger/events.ts';
import { localTime } from '../slot/zone.ts';
import { masked } from './mask.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `[--follow] [--report R] [--recipient ID] [--show-recipients] [--target T]

Prints the trail of slots and messages, oldest first, by the clocks of the project's timezone; with --json one JSON
object a line, its instants in UTC.
  --follow       goes on as it happens
  --report R, --recipient ID    only these
  --show-recipients    does not mask the recipients' ids
${targetUsage}`;
export const options = {
  ...targetOption,
  follow: { type: 'boolean', short: 'f' },
  report: { type: 'string' },
  recipient: { type: 'string' },
  'show-recipients': { type: 'boolean' },
} as const;
export const examples = ['log --follow', 'log --report daily_sales --json'];

const shownAtFirst = 1_000;
const round = 1_000;

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const ledger = await house.ledger();
  const report = textOf(call, 'report');
  if (report !== undefined) house.report(report);
  const recipient = textOf(call, 'recipient');
  const filter = { ...(report === undefined ? {} : { report }), ...(recipient === undefined ? {} : { recipient }) };
  const { timezone } = house.config.calendar;
  let after: string | undefined;
  for (;;) {
    const events = await ledger.trail({ ...filter, ...(after === undefined ? {} : { after }), limit: shownAtFirst });
    for (const event of events) show(call, event, timezone);
    after = events.at(-1)?.id ?? after ?? '0';
    if (!call.values['follow']) return 0;
    await pause(round, undefined, { signal: call.signal });
  }
}

/** Long enough for the usual events, so that reports stand below each other. */
const eventWidth = 'attempt ended'.length;

function show(call: Call, { id: _, ...event }: TrailEvent, timezone: string): void {
  const recipient = call.values['show-recipients'] ? event.recipient : event.recipient && masked(event.recipient);
  call.answer({ ...event, recipient });
  const { date, time } = localTime(new Date(event.at), timezone);
  const words = [
    `${date} ${time}`,
    event.event.padEnd(eventWidth),
    event.report,
    event.slot,
    event.message && `message ${event.message}`,
    recipient,
    event.channel,
    event.part && `part ${event.part}`,
    event.outcome,
    event.detail,
  ];
  call.print(words.filter((word) => word !== null).join('  '));
}
