import { expect, test } from 'vitest';
import { silentLog } from '../log/log.ts';
import type { Dag } from '../project/dag.ts';
import type { Performance } from './changes.ts';
import { lead, type Timetable } from './leader.ts';
import type { Lease } from './port.ts';
import { dagNamed } from './test-dag.ts';
import { memoryStore } from './test-memory-store.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 1, 12);

/** A leader on a fake clock, whose runs end as the test says. */
async function leading(dags: readonly Dag[]) {
  let now = noon - minute;
  let timetable: Timetable = { dags: new Map(dags.map((dag) => [dag.name, dag])), timezone: 'UTC', pools: {} };
  const runs: { readonly dag: string; readonly signal: AbortSignal; end(performance: Performance): void }[] = [];
  const store = memoryStore(() => now);
  const lease = (await store.acquire('test', 1e12)) as Lease;
  const leader = lead(lease, {
    store,
    timetable: () => timetable,
    perform: (dag, _at, signal) => {
      const { promise, resolve } = Promise.withResolvers<Performance>();
      runs.push({ dag: dag.name, signal, end: resolve });
      return promise;
    },
    places: 4,
    now: () => now,
    chance: () => 0,
    log: silentLog,
  });
  await leader.pass();
  return {
    store,
    leader,
    runs,
    setDags: (changed: readonly Dag[]) => {
      timetable = { ...timetable, dags: new Map(changed.map((dag) => [dag.name, dag])) };
    },
    async passAt(at: number) {
      now = at;
      return leader.pass();
    },
    async end(performance: Performance) {
      const ended = leader.ended();
      runs.pop()?.end(performance);
      await ended;
      return leader.pass();
    },
    states: () => store.ticks().map((tick) => `${tick.dag} ${tick.state}`),
  };
}

test('a tick runs when its time has come; the next look is at the next tick', async () => {
  const world = await leading([dagNamed('hourly')]);
  expect(await world.passAt(noon - 1)).toBe(noon);
  expect(world.runs).toHaveLength(0);
  expect(await world.passAt(noon)).toBe(noon + 60 * minute);
  expect(world.runs).toHaveLength(1);
  await world.end({ kind: 'done', runId: 'r1' });
  expect(world.states()).toEqual(['hourly done']);
});

test('an error that may pass is tried again after a wait; in the end, or at once for good, the owners are told once', async () => {
  const failing = { attempts: 2, backoff: { from: minute, until: 2 * minute } };
  const world = await leading([dagNamed('hourly', { retries: failing, onFailure: ['email:team', 'webhook:env:X'] })]);
  await world.passAt(noon);
  const transient: Performance = { kind: 'failed', class: 'transient', error: 'the line was cut' };
  expect(await world.end(transient)).toBe(noon + minute);
  expect(world.store.notices()).toEqual([]);
  await world.passAt(noon + minute - 1);
  expect(world.runs).toHaveLength(0);
  await world.passAt(noon + minute);
  await world.end(transient);
  expect(world.states()).toEqual(['hourly failed']);
  expect(world.store.notices()).toMatchObject([
    { kind: 'failed', to: 'email:team', message: 'hourly 2026-11-01T12:00:00Z failed: the line was cut' },
    { kind: 'failed', to: 'webhook:env:X' },
  ]);

  await world.passAt(noon + 60 * minute);
  await world.end({ kind: 'failed', class: 'permanent', error: 'kpi.x: not_null(a): 3 rows' });
  expect(world.states()).toEqual(['hourly failed', 'hourly failed']);
  expect(world.store.notices()).toHaveLength(4);
});

test('a late tick is told of once, while it is late, be it running or not yet begun', async () => {
  const dag = dagNamed('daily', { cron: '0 12 * * *', deadline: 30 * minute, onFailure: ['email:team'] });
  const world = await leading([dag, dagNamed('after', { ...dag, name: 'after', dependsOn: ['daily'] })]);
  expect(await world.passAt(noon)).toBe(noon + 30 * minute);
  await world.passAt(noon + 30 * minute - 1);
  expect(world.store.notices()).toEqual([]);
  await world.passAt(noon + 30 * minute);
  await world.passAt(noon + 31 * minute);
  expect(world.store.notices().map(({ key }) => key)).toEqual([
    'late daily 2026-11-01T12:00:00Z email:team',
    'late after 2026-11-01T12:00:00Z email:team',
  ]);
  await world.end({ kind: 'done' });
  expect(world.states()).toEqual(['daily done', 'after running']);
});

test('what waits for a failed dag is blocked, and its owners hear of it', async () => {
  const world = await leading([dagNamed('raw'), dagNamed('kpi', { dependsOn: ['raw'], onFailure: ['email:kpi'] })]);
  await world.passAt(noon);
  await world.end({ kind: 'failed', class: 'permanent', error: 'no' });
  expect(world.states()).toEqual(['raw failed', 'kpi blocked']);
  expect(world.store.notices()).toMatchObject([{ kind: 'blocked', to: 'email:kpi' }]);
});

test('changed dags count from the next look; a paused one makes up nothing', async () => {
  const world = await leading([dagNamed('hourly')]);
  world.setDags([dagNamed('hourly', { paused: true }), dagNamed('new', { cron: '30 * * * *' })]);
  await world.passAt(noon);
  world.setDags([dagNamed('hourly'), dagNamed('new', { cron: '45 * * * *' })]);
  expect(await world.passAt(noon + minute)).toBe(noon + 45 * minute);
  expect(world.states()).toEqual([]);
  await world.passAt(noon + 60 * minute);
  expect(world.states().sort()).toEqual(['hourly running', 'new running']);
});

test('stopping cancels the runs and leaves their ticks due, with no attempt spent', async () => {
  const world = await leading([dagNamed('hourly')]);
  await world.passAt(noon);
  const [run] = world.runs;
  run?.signal.addEventListener('abort', () => run.end({ kind: 'stopped' }));
  await world.leader.stop();
  expect(world.store.ticks()).toMatchObject([{ state: 'due', attempts: 0, interruptions: 0 }]);
});
