import { messageOf } from '../fault.ts';
import type { Log } from '../log/log.ts';
import type { Dag } from '../project/dag.ts';
import { type CronTicks, readCron } from '../time/cron.ts';
import { classify } from '../warehouse/sql-error.ts';
import { changeAfter, changeOf, decide, lateChange, type Performance } from './changes.ts';
import { choose } from './choose.ts';
import { firstSince } from './due.ts';
import { lateAt } from './notice.ts';
import type { Decision, Lease, ScheduleStore } from './port.ts';
import { type OpenTick, type SettledState, showTick } from './tick.ts';

/** When what is to run, as the project's files say it now. */
export interface Timetable {
  readonly dags: ReadonlyMap<string, Dag>;
  /** Time zone of dags that name none. */
  readonly timezone: string;
  /** Places by pool. */
  readonly pools: Readonly<Record<string, number>>;
}

/** Runs a dag once for a tick; stops when the signal is aborted. */
export type PerformTick = (dag: Dag, at: number, signal: AbortSignal) => Promise<Performance>;

export interface LeaderTools {
  readonly store: ScheduleStore;
  readonly timetable: () => Timetable;
  readonly perform: PerformTick;
  /** Runs side by side. */
  readonly places: number;
  readonly now: () => number;
  /** In [0, 1): the jitter of retries. */
  readonly chance: () => number;
  readonly log: Log;
}

/** The one scheduler that may act. All that it writes it writes in `pass`, so that nothing is left half-told. */
export interface Leader {
  /** Does all that is due now, and returns when to look again (at the latest: runs end in between). */
  pass(): Promise<number>;
  /** Resolves as soon as a run has ended of which no pass has told yet. */
  ended(): Promise<void>;
  readonly running: () => number;
  /** Stops the runs, waits for them, and makes their ticks due again for the next leader. */
  stop(): Promise<void>;
}

/** A dag's pattern, read, and its first tick after an instant. */
interface Reading {
  readonly dag: Dag;
  readonly timezone: string;
  readonly since: number;
  readonly next: number;
  readonly ticks: CronTicks;
}

/** Begins to lead under a lease that was just acquired. */
export function lead(lease: Lease, { store, timetable, perform, places, now, chance, log }: LeaderTools): Leader {
  const halt = new AbortController();
  const running = new Map<string, Promise<void>>();
  let finished: { readonly tick: OpenTick; readonly dag: Dag; readonly performance: Performance }[] = [];
  let wake = Promise.withResolvers<void>();
  /** Up to when each dag's ticks are decided. Nobody else moves it while the lease is ours. */
  const cursors = new Map<string, number>();
  const readings = new Map<string, Reading>();

  /** A dag's pattern and its first undecided tick, worked out anew only when either has changed. */
  const reading = (dag: Dag, since: number, timezone: string): Reading => {
    const known = readings.get(dag.name);
    if (known?.dag === dag && known.timezone === timezone && known.since === since) return known;
    const ticks = known?.dag === dag && known.timezone === timezone ? known.ticks : readCron(dag.cron, timezone);
    const fresh = { dag, timezone, since, ticks, next: ticks.after(since) ?? Number.POSITIVE_INFINITY };
    readings.set(dag.name, fresh);
    return fresh;
  };

  /** Records the ticks that have come; returns when the next one comes. */
  const record = async (at: number, { dags, timezone: usual }: Timetable): Promise<number> => {
    const unknown = [...dags.values()].filter(({ name }) => !cursors.has(name));
    if (unknown.length > 0) {
      const first = unknown.map((dag) => [dag.name, firstSince(dag.start, dag.timezone ?? usual, at)] as const);
      for (const [name, until] of await store.cursors(lease, new Map(first))) cursors.set(name, until);
    }
    const decisions: Decision[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [name, dag] of dags) {
      const timezone = dag.timezone ?? usual;
      const since = cursors.get(name) ?? at;
      const { ticks, next: following } = reading(dag, since, timezone);
      if (following > at) {
        next = Math.min(next, following);
        continue;
      }
      const decision = decide(dag, ticks, since, at);
      decisions.push(decision);
      next = Math.min(next, reading(dag, decision.until, timezone).next);
    }
    if (decisions.length > 0) await store.record(lease, decisions);
    for (const { dag, until, due, skipped } of decisions) {
      cursors.set(dag, until);
      log.info({ dag, due: due.length, skipped: skipped?.why }, 'ticks recorded');
    }
    return next;
  };

  const start = (tick: OpenTick, dag: Dag) => {
    const key = showTick(tick);
    log.info({ dag: dag.name, tick: key, attempt: tick.attempts + 1 }, 'run of a tick begins');
    const run = perform(dag, tick.at, halt.signal)
      .catch((error: unknown): Performance => ({ kind: 'failed', class: classify(error), error: messageOf(error) }))
      .then((performance) => {
        running.delete(key);
        finished.push({ tick, dag, performance });
        wake.resolve();
      });
    running.set(key, run);
  };

  /** Tells of the runs that have ended since the last pass. */
  const tellFinished = async (at: number) => {
    if (finished.length === 0) return;
    const told = finished;
    finished = [];
    wake = Promise.withResolvers();
    await store.apply(
      lease,
      told.map(({ tick, dag, performance }) => changeAfter(performance, tick, dag, at, chance())),
    );
    for (const { tick, performance } of told) {
      const { kind } = performance;
      log[kind === 'failed' ? 'error' : 'info']({ ...performance, tick: showTick(tick) }, 'run of a tick ended');
    }
  };

  return {
    async pass() {
      const at = now();
      await tellFinished(at);
      const table = timetable();
      const { dags, pools } = table;
      let next = await record(at, table);
      const open = await store.open();
      const verdicts = choose({ dags, open, pools, places, now: at, settled: await settledBefore(store, open, dags) });
      const late = open.filter(
        (tick) => !tick.lateTold && (lateAt(dags.get(tick.dag), tick) ?? Number.POSITIVE_INFINITY) <= at,
      );
      const changes = [
        ...late.map((tick) => lateChange(tick, dags.get(tick.dag))),
        ...verdicts.flatMap((verdict) => changeOf(verdict, dags)),
      ];
      if (changes.length > 0) await store.apply(lease, changes);
      for (const tick of late) log.warn({ tick: showTick(tick) }, 'a tick is late');
      for (const verdict of verdicts) {
        const { tick } = verdict;
        const dag = dags.get(tick.dag);
        if (verdict.kind === 'start' && dag) start(tick, dag);
        if (verdict.kind === 'settle') {
          log.warn({ tick: showTick(tick), state: verdict.state, why: verdict.why }, 'a tick is not run');
          // It may be what others have waited for.
          next = at;
        }
      }
      const moments = open.flatMap((tick) => [
        tick.notBefore,
        tick.lateTold ? at : (lateAt(dags.get(tick.dag), tick) ?? at),
      ]);
      return Math.min(next, ...moments.filter((moment) => moment > at));
    },
    ended: () => wake.promise,
    running: () => running.size,
    async stop() {
      halt.abort();
      await Promise.all(running.values());
      await tellFinished(now());
    },
  };
}

/** How the ticks ended that due ticks wait for. */
async function settledBefore(store: ScheduleStore, open: readonly OpenTick[], dags: ReadonlyMap<string, Dag>) {
  const asked = open
    .filter((tick) => tick.state === 'due')
    .flatMap(({ dag, at }) => (dags.get(dag)?.dependsOn ?? []).map((other) => ({ dag: other, at })));
  const found = await store.settled(asked);
  const states = new Map<string, SettledState | undefined>(asked.map((key, index) => [showTick(key), found[index]]));
  return (dag: string, at: number) => states.get(showTick({ dag, at }));
}
