import { expect } from 'vitest';
import { silentLog } from '../log/log.ts';
import type { Dag } from '../project/dag.ts';
import { type CronTicks, readCron } from '../time/cron.ts';
import type { Performance } from './changes.ts';
import { type Leader, lead, type Timetable } from './leader.ts';
import type { Lease, ScheduleStore } from './port.ts';
import { dagNamed } from './test-dag.ts';
import { showTick, type TickKey, type TickState } from './tick.ts';

const minute = 60_000;
export const yearFrom = Date.UTC(2026, 0, 1);
export const yearUntil = Date.UTC(2027, 0, 1);

/** Always the same numbers in [0, 1) for a seed. */
export function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 200 dags in five zones: some wait for others, some share a pool. All ticks are made up. */
export function twoHundredDags(crons: readonly string[]): Timetable {
  const zones = ['Asia/Kolkata', 'America/Chicago', 'Australia/Lord_Howe', 'Europe/Berlin', 'UTC'];
  const dags = Array.from({ length: 200 }, (_, index) =>
    dagNamed(`dag-${index}`, {
      cron: crons[index % crons.length] as string,
      timezone: zones[index % zones.length] as string,
      catchUp: 1000,
      concurrency: 1 + (index % 3),
      pools: index % 7 === 0 ? ['redshift'] : [],
      dependsOn: index % 10 === 9 ? [`dag-${index - 1}`, `dag-${index - 9}`] : [],
      deadline: index % 4 === 0 ? 6 * 60 * minute : undefined,
      onFailure: ['email:data-team'],
      retries: { attempts: 1000, backoff: { from: minute, until: 16 * minute } },
    }),
  );
  return { dags: new Map(dags.map((dag) => [dag.name, dag])), timezone: 'UTC', pools: { redshift: 3 } };
}

export interface VirtualYear {
  readonly store: ScheduleStore;
  readonly timetable: Timetable;
  /** Sets the virtual clock. */
  readonly setNow: (now: number) => void;
  /** Waits until the lease of a leader that is gone has run out. */
  readonly runOut: () => Promise<void>;
  readonly ttl: number;
  readonly kills: number;
  readonly seed: number;
  readonly ticks: () => Promise<readonly (TickKey & { readonly state: TickState })[]>;
}

const read = new Map<string, CronTicks>();
function ticksOf({ name, cron, timezone = 'UTC' }: Dag): CronTicks {
  const known = read.get(`${name} ${cron}`) ?? readCron(cron, timezone);
  read.set(`${name} ${cron}`, known);
  return known;
}

interface Work extends TickKey {
  readonly until: number;
  readonly resolve: (performance: Performance) => void;
  readonly fails: boolean;
}

/**
 * A year of 200 dags on a fake clock, whose leader is killed at random between any two writings, sometimes just after one
 * was done and before it was heard of. Expects that every tick was built once, and that all rules were kept on the way.
 */
export async function liveThroughYear(world: VirtualYear): Promise<{ ticks: number; kills: number; repeated: number }> {
  const { store, timetable, kills, seed, setNow } = world;
  const chance = chances(seed);
  // None in the last weeks, in which its fuse might not burn down.
  const killTimes = Array.from({ length: kills }, () => yearFrom + chance() * 0.9 * (yearUntil - yearFrom)).sort(
    (a, b) => a - b,
  );
  const builds = new Map<string, number>();
  let now = yearFrom;
  let killed = 0;
  let repeated = 0;
  const advance = (to: number) => {
    now = Math.max(now, to);
    setNow(now);
  };

  for (let generation = 0; ; generation += 1) {
    const death = Promise.withResolvers<'dead'>();
    let dead = false;
    let fuse = Number.POSITIVE_INFINITY;
    const mortal = mortalStore(store, () => {
      if (dead) return 'before';
      fuse -= 1;
      if (fuse > 0) return 'no';
      dead = true;
      death.resolve('dead');
      return chance() < 0.5 ? 'before' : 'after';
    });
    const working = new Set<Work>();
    const perform = (dag: Dag, at: number): Promise<Performance> => {
      const key = showTick({ dag: dag.name, at });
      expect([...working].map(showTick), 'a tick runs once at a time').not.toContain(key);
      if (builds.has(key)) repeated += 1;
      checkRules(dag, at, working, builds, timetable);
      const { promise, resolve } = Promise.withResolvers<Performance>();
      const until = now + 10 * minute * Math.floor(chance() * 4);
      working.add({ dag: dag.name, at, until, resolve, fails: chance() < 0.03 });
      return promise;
    };
    let lease: Lease | undefined;
    for (;;) {
      lease = await store.acquire(`generation ${generation}`, world.ttl);
      if (lease) break;
      await world.runOut();
    }
    const tools = {
      store: mortal,
      timetable: () => timetable,
      perform,
      places: 20,
      now: () => now,
      chance,
      log: silentLog,
    };
    const leader: Leader = lead(lease, tools);
    await Promise.race([mortal.resume(lease), death.promise]);
    while (!dead) {
      const next = await Promise.race([leader.pass(), death.promise]);
      if (next === 'dead') break;
      const killAt = killTimes[killed] ?? Number.POSITIVE_INFINITY;
      const firstDone = Math.min(...[...working].map((work) => work.until));
      const moment = Math.min(next, firstDone);
      if (moment > yearUntil && working.size === 0 && (await store.open()).every((tick) => tick.at > yearUntil)) {
        await leader.stop();
        const ticks = (await world.ticks()).filter((tick) => tick.at <= yearUntil);
        checkYear(ticks, builds, timetable);
        return { ticks: ticks.length, kills: killed, repeated };
      }
      if (moment >= killAt && fuse === Number.POSITIVE_INFINITY) fuse = 1 + Math.floor(chance() * 12);
      advance(moment);
      const done = [...working].filter((work) => work.until <= now);
      for (const work of done) {
        working.delete(work);
        const key = showTick(work);
        if (work.fails) work.resolve({ kind: 'failed', class: 'transient', error: 'the line was cut' });
        else {
          // As `engine run` does: what is built already is current, and is not built again.
          if (!builds.has(key)) builds.set(key, 1);
          work.resolve({ kind: 'done' });
        }
      }
      if (done.length > 0) await leader.ended();
    }
    killed += 1;
    // Nobody leads for a while, now and then for days.
    advance(now + chance() * (killed % 10 === 0 ? 4 * 24 * 60 : 90) * minute);
  }
}

/** The store as a process sees it that may be killed at any call: the call is done or not, and never answered. */
function mortalStore(store: ScheduleStore, strike: () => 'no' | 'before' | 'after'): ScheduleStore {
  const never = new Promise<never>(() => {});
  const mortal =
    <In extends unknown[], Out>(call: (...words: In) => Promise<Out>) =>
    async (...words: In): Promise<Out> => {
      const struck = strike();
      if (struck === 'before') return never;
      const answer = await call(...words);
      return struck === 'after' ? never : answer;
    };
  return {
    ...store,
    cursors: mortal(store.cursors),
    record: mortal(store.record),
    resume: mortal(store.resume),
    apply: mortal(store.apply),
    open: mortal(store.open),
    settled: mortal(store.settled),
  };
}

function checkRules(
  dag: Dag,
  at: number,
  working: ReadonlySet<Work>,
  builds: ReadonlyMap<string, number>,
  { dags, pools }: Timetable,
) {
  for (const pool of dag.pools) {
    const inPool = [...working].filter((work) => dags.get(work.dag)?.pools.includes(pool)).length;
    expect(inPool, `pool ${pool}`).toBeLessThan(pools[pool] ?? 1);
  }
  expect([...working].filter((work) => work.dag === dag.name).length, dag.name).toBeLessThan(dag.concurrency);
  for (const name of dag.dependsOn) {
    const other = dags.get(name) as Dag;
    const [before] = ticksOf(other).latest(yearFrom, at, 1);
    if (before !== undefined)
      expect(builds.has(showTick({ dag: name, at: before })), `${dag.name} after ${name}`).toBe(true);
  }
}

function checkYear(
  ticks: readonly (TickKey & { state: TickState })[],
  builds: ReadonlyMap<string, number>,
  { dags }: Timetable,
) {
  const expected: string[] = [...dags.values()].flatMap((dag) =>
    ticksOf(dag)
      .latest(yearFrom, yearUntil, 1_000_000)
      .map((at) => showTick({ dag: dag.name, at })),
  );
  const wanted = new Set(expected);
  expect(ticks.filter((tick) => tick.state !== 'done')).toEqual([]);
  expect(ticks.map(showTick).sort()).toEqual(expected.sort());
  expect([...builds.keys()].filter((key) => wanted.has(key)).sort()).toEqual(expected);
}
