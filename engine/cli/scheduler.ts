import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { findRoot, loadConfig } from '../config/config.ts';
import { counted } from '../config/counted.ts';
import { Fault } from '../fault.ts';
import { openLog } from '../log/log.ts';
import { openWorkspace } from '../run/workspace.ts';
import { tickPerformer } from '../schedule/perform-tick.ts';
import { runOnce, runScheduler } from '../schedule/scheduler.ts';
import { openScheduleStore } from '../schedule/store.ts';
import { watchTimetable } from '../schedule/timetable.ts';
import { postWebhooks } from '../schedule/webhook.ts';
import { systemClock } from '../time/clock.ts';
import { openState } from '../warehouse/open.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';

export const usage = `[--once] [--runs N] [--lease 30s] [--target T]

Runs the dags on their schedules until it is stopped. Several may be started: one leads, the others stand by.
  --once         does what is due now and ends; 1 when a run failed for good, 3 when one is to be tried again
  --runs N       runs side by side (4)
  --lease 30s    how long a leader may be silent before another takes over
  --target T     a target of project.yml`;
export const options = {
  once: { type: 'boolean' },
  runs: { type: 'string' },
  lease: { type: 'string' },
  target: { type: 'string', short: 't' },
} as const;
export const examples = ['scheduler', 'scheduler --once'];
export const exits = { 1: 'a run failed for good (with --once)', 3: 'a tick waits to be tried again (with --once)' };

export async function run(call: Call): Promise<number> {
  const { environment, signal, values } = call;
  const root = findRoot(process.cwd());
  const config = loadConfig(root, environment, textOf(values, 'target'));
  const log = openLog(root, 'scheduler', call.json ? 'silent' : 'info').child({ host: hostname() });
  const places = wholeNumber('--runs', textOf(values, 'runs') ?? '4');
  const ttl = 1000 * wholeNumber('--lease', (textOf(values, 'lease') ?? '30s').replace(/s$/, ''));
  const timetable = watchTimetable(root, environment, config.targetName, log);
  await using state = await openState(root, config.stateUrl, { signal });
  const store = await openScheduleStore(state, config.stateName);
  const ended = { done: 0, failed: 0, stopped: 0 };
  const perform = tickPerformer({ workspace: () => openWorkspace(root, environment, config.targetName), state, log });
  const tools = {
    store,
    timetable,
    places,
    now: () => systemClock().getTime(),
    chance: Math.random,
    log,
    holder: `${hostname()} ${process.pid} ${randomBytes(4).toString('hex')}`,
    ttl,
    post: () => postWebhooks(store, environment, systemClock().getTime(), log),
    perform,
  };
  if (!values['once']) {
    await runScheduler(tools, signal);
    call.answer({ ok: true });
    return 0;
  }
  const counting: typeof perform = async (...words) => {
    const performance = await perform(...words);
    ended[performance.kind] += 1;
    return performance;
  };
  const led = await runOnce({ ...tools, perform: counting }, signal);
  if (signal.aborted) throw signal.reason;
  const waiting = (await store.open()).length;
  call.print(
    led
      ? `${counted(ended.done, 'run')} done, ${ended.failed} failed, ${counted(waiting, 'tick')} waiting.`
      : 'Another scheduler leads.',
  );
  call.answer({ ok: ended.failed === 0, led, done: ended.done, failed: ended.failed, waiting });
  if (waiting > 0) return 3;
  return ended.failed > 0 ? 1 : 0;
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 3600) return number;
  throw new Fault('invalid', `${flag}: a whole number from 1`);
}
