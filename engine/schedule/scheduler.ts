import { setTimeout as wait } from 'node:timers/promises';
import { Fault, messageOf } from '../fault.ts';
import type { Log } from '../log/log.ts';
import { type Leader, type LeaderTools, lead } from './leader.ts';
import type { Lease, ScheduleStore } from './port.ts';

export interface SchedulerTools extends LeaderTools {
  /** Names this process to people who look at the lease. */
  readonly holder: string;
  /** How long a leader may be silent before another takes over, in ms. */
  readonly ttl: number;
  /** Sends what a pass has left to be sent. */
  readonly post: () => Promise<void>;
}

/** Files are looked at, and a standby asks for the lease, at least this often. */
const longest = 5_000;

/**
 * Leads whenever nobody else does, until the signal is aborted; then stops its runs and gives the lease back. Of several
 * schedulers one leads, which renews a lease on the database's clock; when it falls silent another takes over and goes on
 * with its ticks. A leader that was only slow finds at its next writing that it is none any more, and stops.
 */
export async function runScheduler(tools: SchedulerTools, signal: AbortSignal): Promise<void> {
  const { store, holder, ttl, log } = tools;
  let standby = false;
  while (!signal.aborted) {
    try {
      const lease = await store.acquire(holder, ttl);
      if (lease) {
        standby = false;
        await leadWith(lease, tools, signal, (leader, stopped) => untilStopped(leader, tools, stopped));
        continue;
      }
      if (!standby) log.info({}, 'another scheduler leads: standing by');
      standby = true;
    } catch (error) {
      // Lost to another, or the database is away: both pass. All else is ours to hear of.
      if (!(error instanceof Fault) || (error.code !== 'lost' && error.code !== 'unreachable')) throw error;
      log.warn({ error: messageOf(error) }, 'no longer leading');
    }
    await pause(Math.min(longest, ttl / 3), signal);
  }
}

/** Does what is due now and ends: for cron, and for tests. False when another scheduler leads. */
export async function runOnce(tools: SchedulerTools, signal: AbortSignal): Promise<boolean> {
  const lease = await tools.store.acquire(tools.holder, tools.ttl);
  if (!lease) return false;
  await leadWith(lease, tools, signal, async (leader, stopped) => {
    for (;;) {
      const next = await leader.pass();
      if (stopped.aborted) return;
      if (leader.running() > 0) await Promise.race([leader.ended(), aborted(stopped)]);
      else if (next > tools.now()) break;
    }
    await tools.post();
  });
  return true;
}

type Work = (leader: Leader, stopped: AbortSignal) => Promise<void>;

/** Leads as long as the lease can be renewed; whatever ends it, no run is left behind. */
async function leadWith(lease: Lease, tools: SchedulerTools, signal: AbortSignal, work: Work): Promise<void> {
  const { store, log } = tools;
  log.info({ token: lease.token }, 'leading');
  const lost = new AbortController();
  const stopped = AbortSignal.any([signal, lost.signal]);
  const beat = keepAlive(lease, tools, lost, stopped);
  const leader = lead(lease, tools);
  try {
    const resumed = await store.resume(lease);
    if (resumed > 0) log.warn({ ticks: resumed }, 'going on with what a former leader left running');
    await work(leader, stopped);
    if (lost.signal.aborted) throw lost.signal.reason;
  } finally {
    await leader.stop().finally(async () => {
      lost.abort(new Fault('lost', 'stopped'));
      await beat;
    });
    await store.release(lease);
    log.info({ token: lease.token }, 'no longer leading');
  }
}

async function untilStopped(leader: Leader, tools: SchedulerTools, stopped: AbortSignal): Promise<void> {
  let posting: Promise<void> | undefined;
  while (!stopped.aborted) {
    const next = await leader.pass();
    posting ??= tools
      .post()
      .catch((error: unknown) => tools.log.warn({ error: messageOf(error) }, 'notices could not be sent'))
      .finally(() => {
        posting = undefined;
      });
    const until = new AbortController();
    const either = AbortSignal.any([stopped, until.signal]);
    await Promise.race([leader.ended(), pause(Math.min(longest, next - tools.now()), either)]);
    until.abort();
  }
  await posting;
}

/** Renews the lease three times in its length. A database that is away is asked again until the time has run out. */
async function keepAlive(
  lease: Lease,
  tools: SchedulerTools,
  lost: AbortController,
  stopped: AbortSignal,
): Promise<void> {
  const { store, ttl, log } = tools;
  let renewed = performance.now();
  while (!stopped.aborted) {
    await pause(ttl / 3, stopped);
    if (stopped.aborted) return;
    const ours = await renew(store, lease, ttl, log);
    if (ours === true) renewed = performance.now();
    else if (ours === false || performance.now() - renewed > ttl) {
      lost.abort(new Fault('lost', 'another scheduler leads now, or the database is away'));
    }
  }
}

async function renew(store: ScheduleStore, lease: Lease, ttl: number, log: Log): Promise<boolean | undefined> {
  try {
    return await store.renew(lease, ttl);
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the lease could not be renewed');
    return undefined;
  }
}

/** Waits so long, or until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(Math.max(0, ms), undefined, { signal }).catch(() => {});
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
