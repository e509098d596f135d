import type { Dag } from '../project/dag.ts';
import { mostInterruptions } from './retry.ts';
import { hasBegun, type OpenTick, type SettledState, showTick, type TickKey } from './tick.ts';

/** All that the choice depends on. */
export interface Situation {
  readonly dags: ReadonlyMap<string, Dag>;
  /** Every tick that is not settled, of all dags. */
  readonly open: readonly OpenTick[];
  /** How the newest settled tick of a dag at or before an instant ended; undefined = there is none. */
  readonly settled: (dag: string, at: number) => SettledState | undefined;
  /** Places by pool. */
  readonly pools: Readonly<Record<string, number>>;
  /** Runs side by side, of all dags together. */
  readonly places: number;
  readonly now: number;
}

export type Verdict =
  | { readonly kind: 'start'; readonly tick: OpenTick }
  | { readonly kind: 'wait'; readonly tick: OpenTick; readonly why: string }
  | {
      readonly kind: 'settle';
      readonly tick: OpenTick;
      readonly state: 'skipped' | 'blocked' | 'failed';
      readonly why: string;
    };

/** What to do with each due tick, oldest first: start it, leave it waiting, or settle it without a run. */
export function choose(situation: Situation): Verdict[] {
  const { dags, open, pools, places, now } = situation;
  const inPool = new Map<string, number>();
  const ofDag = new Map<string, number>();
  let running = 0;
  const occupy = (tick: OpenTick) => {
    running += 1;
    for (const pool of dags.get(tick.dag)?.pools ?? []) inPool.set(pool, (inPool.get(pool) ?? 0) + 1);
  };
  const hold = ({ dag }: TickKey) => ofDag.set(dag, (ofDag.get(dag) ?? 0) + 1);
  for (const tick of open) {
    if (tick.state === 'running') occupy(tick);
    if (hasBegun(tick)) hold(tick);
  }
  const old = outnumbered(situation);
  const due = open.filter((tick) => tick.state === 'due').sort((a, b) => a.at - b.at || (a.dag < b.dag ? -1 : 1));
  return due.map((tick): Verdict => {
    const dag = dags.get(tick.dag);
    const settle = (state: 'skipped' | 'blocked' | 'failed', why: string): Verdict => ({
      kind: 'settle',
      tick,
      state,
      why,
    });
    const wait = (why: string): Verdict => ({ kind: 'wait', tick, why });
    if (!dag) return settle('skipped', 'its dag is gone');
    if (old.has(tick)) return settle('skipped', 'newer ticks stand for it (catch_up)');
    if (tick.interruptions >= mostInterruptions) {
      return settle('failed', `its scheduler ended ${tick.interruptions} times while it ran`);
    }
    if (dag.paused) return wait('the dag is paused');
    if (tick.notBefore > now) return wait('to be tried again later');
    for (const other of dag.dependsOn) {
      const before = dependency(other, tick.at, situation);
      if (before.kind === 'blocked') return settle('blocked', before.why);
      if (before.kind === 'wait') return wait(before.why);
    }
    if (!hasBegun(tick) && (ofDag.get(tick.dag) ?? 0) >= dag.concurrency)
      return wait('an earlier tick of it is not done');
    const full = dag.pools.find((pool) => (inPool.get(pool) ?? 0) >= (pools[pool] ?? 1));
    if (full !== undefined) return wait(`pool ${full} is full`);
    if (running >= places) return wait('as many runs as allowed are going on');
    occupy(tick);
    if (!hasBegun(tick)) hold(tick);
    return { kind: 'start', tick };
  });
}

/** Of each dag's ticks that were never run, those beyond its newest `catchUp`: a run builds all that is missing. */
function outnumbered({ dags, open }: Situation): ReadonlySet<OpenTick> {
  const old = new Set<OpenTick>();
  const fresh = open.filter((tick) => !hasBegun(tick));
  for (const [name, ticks] of Map.groupBy(fresh, (tick) => tick.dag)) {
    const most = dags.get(name)?.catchUp ?? 0;
    for (const tick of ticks.sort((a, b) => b.at - a.at).slice(most)) old.add(tick);
  }
  return old;
}

type Dependency = { readonly kind: 'done' } | { readonly kind: 'wait' | 'blocked'; readonly why: string };

/** Whether the newest tick of another dag at or before an instant is done. A dag that has not ticked yet is not waited for. */
function dependency(other: string, at: number, { open, settled }: Situation): Dependency {
  const before = open.find((tick) => tick.dag === other && tick.at <= at);
  if (before) return { kind: 'wait', why: `${showTick(before)} is not done` };
  const state = settled(other, at);
  if (state === 'failed' || state === 'blocked') return { kind: 'blocked', why: `${other} ${state}` };
  // It was passed over for a newer one, which may still be on its way.
  const newer = state === 'skipped' && open.find((tick) => tick.dag === other);
  return newer ? { kind: 'wait', why: `${showTick(newer)} is not done` } : { kind: 'done' };
}
