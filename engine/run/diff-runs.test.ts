import { expect, test } from 'vitest';
import type { RunBuild } from '../record/builds-by-run.ts';
import { diffRuns } from './diff-runs.ts';

let sequence = 0;
const build = (run: string, from: number, until: number, version = run, rows = until - from): RunBuild => ({
  model: 'm',
  sequence: ++sequence,
  version,
  range: { from, until },
  run,
  rows,
});
const whole = (run: string, version: string, rows: number): RunBuild => ({
  model: 'm',
  sequence: ++sequence,
  version,
  run,
  rows,
});

test('windows that came out otherwise, with their rows; a rebuild that changed nothing is no change', () => {
  const builds = [build('r1', 0, 10), build('r2', 2, 4, 'r2', 7), build('r2', 10, 12), build('r3', 0, 2, 'r1')];
  expect(diffRuns(builds, 'r1', 'r3')).toEqual([
    { range: { from: 2, until: 4 }, a: { version: 'r1' }, b: { version: 'r2', rows: 7 } },
    { range: { from: 10, until: 12 }, a: undefined, b: { version: 'r2', rows: 2 } },
  ]);
  expect(diffRuns(builds, 'r2', 'r3')).toEqual([]);
  expect(diffRuns(builds, 'r3', 'r1')).toMatchObject([{ b: { version: 'r1' } }, { b: undefined }]);
});

test('a whole table is one thing; what was not there before is new', () => {
  const builds = [whole('r1', 'x', 3), whole('r2', 'x', 3), whole('r3', 'y', 4)];
  expect(diffRuns(builds, 'r1', 'r2')).toEqual([]);
  expect(diffRuns(builds, 'r1', 'r3')).toEqual([{ a: { version: 'x', rows: 3 }, b: { version: 'y', rows: 4 } }]);
  expect(diffRuns(builds, 'r0', 'r1')).toEqual([{ a: undefined, b: { version: 'x', rows: 3 } }]);
  expect(diffRuns([], 'r0', 'r1')).toEqual([]);
});

test('rows are told only where the record counts just that stretch', () => {
  const builds = [build('r1', 0, 2), build('r1', 2, 4), build('r2', 0, 4, 'r2', 9), build('r3', 1, 2, 'r3', 1)];
  expect(diffRuns(builds, 'r1', 'r2')).toEqual([
    { range: { from: 0, until: 4 }, a: { version: 'r1', rows: 4 }, b: { version: 'r2', rows: 9 } },
  ]);
  expect(diffRuns(builds, 'r1', 'r3')).toEqual([
    { range: { from: 0, until: 1 }, a: { version: 'r1' }, b: { version: 'r2' } },
    { range: { from: 1, until: 2 }, a: { version: 'r1' }, b: { version: 'r3', rows: 1 } },
    { range: { from: 2, until: 4 }, a: { version: 'r1', rows: 2 }, b: { version: 'r2' } },
  ]);
});
