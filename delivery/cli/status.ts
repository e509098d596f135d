import type { Call } from '#engine';
import type { Attention } from '../ledger/messages.ts';
import { releaseOf } from './hold.ts';
import { masked } from './mask.ts';
import { houseOf, sinceOf, targetOption, targetUsage } from './options.ts';

export const usage = `[--since D] [--target T]

Counts the messages of the last 30 days, and older ones that have not ended, by state and by report, and names the newest
that a person should look at.
  --since D      counts from this day on
${targetUsage}`;
export const options = { ...targetOption, since: { type: 'string' } } as const;
export const examples = ['status --since 2022-02-01'];
export const exits = { 3: 'messages are unclear or held, or all sending is' };

/** Days that are counted: what a person looks at, however long the ledger is. */
const usualDays = 30;

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const ledger = await house.ledger();
  await ledger.sweep();
  const counts = await ledger.messages.count(sinceOf(call, house) ?? new Date(Date.now() - usualDays * 24 * 3_600_000));
  const byState: Record<string, number> = {};
  const byReport: Record<string, Record<string, number>> = {};
  for (const { report, state, count } of counts) {
    byState[state] = (byState[state] ?? 0) + count;
    byReport[report] = { ...byReport[report], [state]: count };
  }
  const slots = (await ledger.slots.unsealed()).map(({ report, slot, state }) => ({ report, slot, state }));
  const attention = await ledger.messages.attention(20);
  // A lane that is no longer in project.yml tries nothing again.
  const troubles = (await ledger.troubles()).filter(({ lane }) => house.lanes.has(lane));
  const held = await ledger.hold.held();
  if (held) call.print(`nothing is sent since ${held.since}: ${held.reason} ("${releaseOf(held)}" lets it go on)`);
  for (const [report, states] of Object.entries(byReport)) {
    const shown = Object.entries(states).map(([state, count]) => `${count} ${state}`);
    call.print(`${report}: ${shown.join(', ')}`);
  }
  for (const { report, slot, state } of slots) call.print(`${report} ${slot}: ${state}`);
  for (const { id, report, slot, recipient, channel, state, reason } of attention) {
    call.print(`  ${id}  ${report} ${slot}  ${masked(recipient)} by ${channel}  ${state}: ${reason ?? ''}`);
  }
  for (const { lane, reason, resumeAt } of troubles) call.print(`${lane}: ${reason}; tried again at ${resumeAt}`);
  if (counts.length === 0 && slots.length === 0) call.print('Nothing was sent yet.');
  call.answer({
    by_state: byState,
    by_report: byReport,
    hold: held ?? null,
    slots,
    lanes: troubles,
    attention: attention.map(shown),
  });
  if (held) return 3;
  return (byState['unclear'] ?? 0) + (byState['held'] ?? 0) > 0 ? 3 : 0;
}

const shown = ({ recipient, ...rest }: Attention) => ({ ...rest, recipient: masked(recipient) });
