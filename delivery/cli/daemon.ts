import { type Call, showProblem } from '#engine';
import { runDaemon, usualRounds } from '../daemon.ts';
import { houseOf, targetOption, targetUsage } from './options.ts';

export const usage = `[--target T]

Opens the slots of all reports when they are due, prepares them when their data is there, and sends. Stops at Ctrl-C or
SIGTERM when the sends under way have ended. Logs to var/log/daemon.jsonl.
${targetUsage}`;
export const options = targetOption;

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call, 'daemon');
  for (const lane of house.lanes.keys()) house.channel(lane);
  for (const problem of house.problems) call.note(showProblem(problem));
  call.note(`${house.reports.length} reports, ${house.lanes.size} channels; Ctrl-C stops.`);
  await runDaemon(house, usualRounds, call.signal);
  return 0;
}
