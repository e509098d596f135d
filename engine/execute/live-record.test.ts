import { expect, test } from 'vitest';
import type { Build, Load, Recorded } from '../plan/record.ts';
import { liveRecord } from './live-record.ts';

const build = (sequence: number): Build => ({
  model: 'a.b',
  sequence,
  id: `${sequence}`,
  version: `${sequence}`,
  sqlHash: 'h',
  inputs: {},
});
const load = (file: string, sequence: number): Load => ({
  source: 'a.s',
  file,
  sequence,
  id: `${file}${sequence}`,
  sha256: '',
  size: 0,
  modifiedAt: 0,
});
const read = (builds: Build[], loads: Load[] = []): Recorded => ({
  builds: () => builds,
  passes: () => [],
  loads: () => loads,
  sequence: () => builds.at(-1)?.sequence ?? 0,
});

test('what was added stays when the record is read again, and counts once', () => {
  const live = liveRecord(read([build(1)]));
  live.add([build(2)], []);
  expect(live.builds('a.b').map((one) => one.sequence)).toEqual([1, 2]);
  live.renew(read([build(1), build(2), build(3)]));
  expect(live.builds('a.b').map((one) => one.sequence)).toEqual([1, 2, 3]);
  live.renew(read([build(1)]));
  expect(live.builds('a.b').map((one) => one.sequence)).toEqual([1, 2]);
});

test('of several loads of a file the latest counts, wherever it is known from', () => {
  const live = liveRecord(read([], [load('x', 1), load('y', 2)]));
  live.add([], [load('x', 3)]);
  live.renew(read([], [load('x', 4), load('y', 2)]));
  expect(live.loads('a.s').map((one) => one.id)).toEqual(['x4', 'y2']);
});
