import { type Call, Fault } from '#engine';
import { usualRounds } from '../daemon/rounds.ts';
import { runSender } from '../daemon/sender.ts';
import { openService } from '../daemon/service.ts';
import { whenStarterEnds } from '../daemon/starter.ts';
import { houseOf, laneOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `--lane CHANNEL [--target T]

Sends what waits in one channel, as a process of its own: the daemon opens slots and leaves the channel alone where
TIFFIN_SENDERS names it. Stops at Ctrl-C or SIGTERM when the send under way has ended. Logs to var/log/sender.jsonl.
${targetUsage}`;
export const options = { ...targetOption, lane: { type: 'string' } } as const;
export const examples = ['sender --lane whatsapp'];

export async function run(call: Call): Promise<number> {
  const lane = textOf(call, 'lane');
  if (lane === undefined) throw new Fault('invalid', 'which channel?', { hint: 'delivery sender --lane whatsapp' });
  const starter = await whenStarterEnds(call.environment);
  const signal = starter ? AbortSignal.any([call.signal, starter]) : call.signal;
  await using house = await houseOf(call, 'sender', [lane]);
  // What the channel lacks is said before anything starts.
  house.channel(laneOf(call, house));
  call.note(`sends by ${lane}; Ctrl-C stops.`);
  await runSender(house, usualRounds, openService(call.environment), signal);
  return 0;
}
