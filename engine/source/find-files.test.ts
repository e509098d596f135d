import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { showFault } from '../fault.ts';
import type { Source } from '../project/source.ts';
import { showEdge } from '../time/grain.ts';
import { findFiles, parsePattern } from './find-files.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const source: Source = {
  name: 'raw.lines',
  path: 'models/sources.yml',
  description: '',
  filePattern: '',
  patternLine: undefined,
  timeColumn: 'sale_date',
  restates: false,
  timezone: undefined,
  uniqueKey: undefined,
  seed: false,
  freshness: undefined,
  overlap: 'error',
  maxBadRows: 0,
  watch: undefined,
  columns: { sale_date: { type: 'date', from: 'Date' }, amount: { type: 'numeric' } },
  tags: [],
};
const daysOf = () => Promise.resolve({});
const folder = () => mkdtempSync(join(tmpdir(), 'tiffin-files-'));
const show = (range: { from: number; until: number } | undefined) =>
  range && `${showEdge('day', range.from, calendar)}..${showEdge('day', range.until, calendar)}`;

test('a name that declares its month covers all of it; one that does not, its first to its last date', async () => {
  const root = folder();
  writeFileSync(join(root, 'sales-2021-09.csv.gz'), gzipSync('Date,amount\n2021-09-02,1\n2021-09-29,2\n'));
  const find = async (pattern: string) => (await findFiles(source, [], { root, calendar, pattern, daysOf }))[0];
  expect(show((await find('sales-{month}.csv.gz'))?.range)).toBe('2021-09-01..2021-10-01');
  expect(show((await find('sales-*.csv.gz'))?.range)).toBe('2021-09-02..2021-09-30');
  expect(show(parsePattern('x-{day}.csv').windowOf('x-2021-02-28.csv', calendar))).toBe('2021-02-28..2021-03-01');
});

test('a file is found again only when its content changed', async () => {
  const root = folder();
  const path = join(root, 'a.csv');
  writeFileSync(path, 'Date,amount\n2021-09-02,1\n');
  const find = (loads: Parameters<typeof findFiles>[1]) =>
    findFiles(source, loads, { root, calendar, pattern: '*.csv', daysOf });
  const [file] = await find([]);
  if (!file) throw new Error('not found');
  const load = { ...file, sequence: 1, id: 'l1' };
  expect(await find([load])).toEqual([]);
  utimesSync(path, 1, 1);
  expect(await find([load])).toEqual([]);
  writeFileSync(path, 'Date,amount\n2021-09-02,2\n');
  expect(await find([load])).toHaveLength(1);
});

test('a missing heading is named with file and line; a bad date is left to the load', async () => {
  const root = folder();
  writeFileSync(join(root, 'a.csv'), 'Date,amount\n2021-09-02,1\n2021-13-02,1\n');
  const fault = (from: string) =>
    findFiles({ ...source, columns: { sale_date: { type: 'date', from } } }, [], {
      root,
      calendar,
      pattern: '*.csv',
      daysOf,
    }).then(() => 'no fault', showFault);
  expect(await fault('Date')).toBe('no fault');
  expect(await fault('date')).toMatch(/a\.csv:1 {2}the file has no heading "date"\n {2}Did you mean "Date"/);
});
