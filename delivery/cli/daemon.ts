import { type Call, messageOf, showProblem } from '#engine';
import { runDaemon } from '../daemon/daemon.ts';
import { usualRounds } from '../daemon/rounds.ts';
import { openService, type Service } from '../daemon/service.ts';
import { whenStarterEnds } from '../daemon/starter.ts';
import type { House } from '../house.ts';
import { houseOf, targetOption, targetUsage } from './options.ts';

export const usage = `[--target T]

Opens the slots of all reports when they are due, prepares them when their data is there, and sends. Stops at Ctrl-C or
SIGTERM when the sends under way have ended; reads the project anew at SIGHUP, and keeps to the old one when the new one is
not right. Logs to var/log/daemon.jsonl. TIFFIN_SENDERS=NAME,NAME leaves channels to "delivery sender".
${targetUsage}`;
export const options = targetOption;
export const examples = ['daemon'];

export async function run(call: Call): Promise<number> {
  const starter = await whenStarterEnds(call.environment);
  const signal = starter ? AbortSignal.any([call.signal, starter]) : call.signal;
  const service = openService(call.environment);
  let house: House | undefined = await openForDaemon(call);
  while (house !== undefined) house = await runUntilReload(call, house, service, signal);
  return 0;
}

/** Runs the daemon until the signal or, at SIGHUP, until there is a house to go on with. */
async function runUntilReload(
  call: Call,
  house: House,
  service: Service,
  signal: AbortSignal,
): Promise<House | undefined> {
  const next = Promise.withResolvers<House | undefined>();
  const replaced = new AbortController();
  let reading = Promise.resolve();
  const reload = () => {
    reading = reading.then(async () => {
      if (replaced.signal.aborted || signal.aborted) return;
      try {
        next.resolve(await openForDaemon(call));
        replaced.abort();
      } catch (error) {
        house.log.error({ error: messageOf(error) }, 'the project is not right: the daemon goes on with the old one');
        call.note(`the daemon goes on with the project as it was: ${messageOf(error)}`);
      }
    });
  };
  process.on('SIGHUP', reload);
  try {
    await runDaemon(house, usualRounds, service, AbortSignal.any([signal, replaced.signal]));
  } finally {
    process.off('SIGHUP', reload);
    await reading;
    await house[Symbol.asyncDispose]();
  }
  next.resolve(undefined);
  const found = await next.promise;
  if (!signal.aborted) return found;
  await found?.[Symbol.asyncDispose]();
  return undefined;
}

/** Reads the project; what a channel lacks is said before anything starts. */
async function openForDaemon(call: Call): Promise<House> {
  const house = await houseOf(call, 'daemon');
  try {
    for (const lane of house.ownLanes) house.channel(lane);
    for (const problem of house.problems) call.note(showProblem(problem));
    call.note(`${house.reports.length} reports, ${house.ownLanes.length} channels; Ctrl-C stops.`);
    return house;
  } catch (error) {
    await house[Symbol.asyncDispose]();
    throw error;
  }
}
