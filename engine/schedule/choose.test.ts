import { expect, test } from 'vitest';
import type { Dag } from '../project/dag.ts';
import { choose, type Situation } from './choose.ts';
import { dagNamed, tickOf } from './test-dag.ts';
import type { OpenTick, SettledState } from './tick.ts';

/** What becomes of each tick, in a word or two, by `dag@at`. */
function chosen(dags: readonly Dag[], open: readonly OpenTick[], said: Partial<Situation> = {}) {
  const verdicts = choose({
    dags: new Map(dags.map((dag) => [dag.name, dag])),
    open,
    settled: () => undefined,
    pools: {},
    places: 10,
    now: 100,
    ...said,
  });
  return verdicts.map((verdict) => {
    const head = `${verdict.tick.dag}@${verdict.tick.at} ${verdict.kind}`;
    if (verdict.kind === 'start') return head;
    return `${head}${verdict.kind === 'settle' ? ` ${verdict.state}` : ''}: ${verdict.why}`;
  });
}

test('oldest first, as many as there are places', () => {
  const dags = ['a', 'b', 'c'].map((name) => dagNamed(name));
  const open = [tickOf('c', 3), tickOf('a', 2), tickOf('b', 1)];
  expect(chosen(dags, open, { places: 2 })).toEqual([
    'b@1 start',
    'a@2 start',
    'c@3 wait: as many runs as allowed are going on',
  ]);
});

test('one run of a dag at a time, unless it allows more; of those never run only the newest count', () => {
  const running = tickOf('a', 1, { state: 'running' });
  expect(chosen([dagNamed('a')], [running, tickOf('a', 2), tickOf('a', 3)])).toEqual([
    'a@2 settle skipped: newer ticks stand for it (catch_up)',
    'a@3 wait: an earlier tick of it is not done',
  ]);
  const twice = dagNamed('a', { concurrency: 2, catchUp: 2 });
  expect(chosen([twice], [running, tickOf('a', 2), tickOf('a', 3)])).toEqual([
    'a@2 start',
    'a@3 wait: an earlier tick of it is not done',
  ]);
});

test('a tick that is being tried again keeps its place: newer ones neither replace nor overtake it', () => {
  const tried = tickOf('a', 1, { attempts: 1, notBefore: 200 });
  expect(chosen([dagNamed('a')], [tried, tickOf('a', 2)])).toEqual([
    'a@1 wait: to be tried again later',
    'a@2 wait: an earlier tick of it is not done',
  ]);
  expect(chosen([dagNamed('a')], [tried, tickOf('a', 2)], { now: 200 })[0]).toBe('a@1 start');
});

test('pools are shared', () => {
  const dags = ['a', 'b', 'c'].map((name) => dagNamed(name, { pools: ['redshift'] }));
  const open = [tickOf('a', 1, { state: 'running' }), tickOf('b', 2), tickOf('c', 3)];
  expect(chosen(dags, open, { pools: { redshift: 2 } })).toEqual(['b@2 start', 'c@3 wait: pool redshift is full']);
});

test('a dag waits for what it depends on, and is blocked when that failed', () => {
  const dags = [dagNamed('raw'), dagNamed('kpi', { dependsOn: ['raw'] })];
  const ended = (state: SettledState | undefined) => ({ settled: () => state });
  expect(chosen(dags, [tickOf('raw', 5), tickOf('kpi', 5)])).toEqual([
    'kpi@5 wait: raw 1970-01-01T00:00:00.005Z is not done',
    'raw@5 start',
  ]);
  expect(chosen(dags, [tickOf('kpi', 5)], ended('done'))).toEqual(['kpi@5 start']);
  expect(chosen(dags, [tickOf('kpi', 5)], ended(undefined))).toEqual(['kpi@5 start']);
  expect(chosen(dags, [tickOf('kpi', 5)], ended('failed'))).toEqual(['kpi@5 settle blocked: raw failed']);
  expect(chosen(dags, [tickOf('kpi', 5)], ended('blocked'))).toEqual(['kpi@5 settle blocked: raw blocked']);
  // A later tick of the other is none of its business, unless it stands for one that was passed over.
  expect(chosen(dags, [tickOf('raw', 6), tickOf('kpi', 5)], ended('done'))[0]).toBe('kpi@5 start');
  expect(chosen(dags, [tickOf('raw', 6), tickOf('kpi', 5)], ended('skipped'))[0]).toMatch(/^kpi@5 wait/);
});

test('what is not run: of a dag that is gone, paused, or that ends its scheduler every time', () => {
  expect(chosen([], [tickOf('a', 1)])).toEqual(['a@1 settle skipped: its dag is gone']);
  expect(chosen([dagNamed('a', { paused: true })], [tickOf('a', 1)])).toEqual(['a@1 wait: the dag is paused']);
  expect(chosen([dagNamed('a')], [tickOf('a', 1, { interruptions: 10 })])).toEqual([
    'a@1 settle failed: its scheduler ended 10 times while it ran',
  ]);
});
