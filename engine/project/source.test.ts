import { expect, test } from 'vitest';
import { parseYaml } from '../config/yaml.ts';
import { modelHeaderSchema } from './model-header.ts';
import { sourcesSchema } from './source.ts';

const problems = (entry: string) => {
  const text = `sources:\n  - name: raw.lines\n    columns: { day: { type: date } }\n${entry.replace(/^/gm, '    ')}\n`;
  const read = parseYaml(text, sourcesSchema, 'models/sources.yml');
  return read.ok ? [] : read.problems.map(({ line, message }) => `${line}: ${message}`);
};

test.each([
  ['files: { path: a.csv }\ntime_column: day\nclosed_after: 2h', /^6: .*others load; this one has files/],
  ['files: { path: a.csv, overlap: replace }', /^4: .*needs a unique_key/],
  ['lookback: 3d', /^4: .*needs a time_column/],
  ['time_column: day\nrestates: true', /^5: .*without a time column/],
  ['time_column: day\ntimezone: Asia/Kolkatta', /^5: .*time zone/],
])('a setting that means nothing is a problem at its line: %j', (entry, expected) => {
  expect(problems(entry).join('\n')).toMatch(expected);
});

test('settings that fit are none', () => {
  expect(problems('time_column: day\nclosed_after: 2h\nlookback: 3d\nupdated_column: day')).toEqual([]);
  expect(problems('files: { path: a.csv, overlap: replace, max_bad_rows: 3 }\nunique_key: [day]')).toEqual([]);
});

test('windows of a model without windows are a problem', () => {
  const read = parseYaml('lookback: 3d\non_change: forward', modelHeaderSchema, 'm.sql');
  expect(read.ok ? [] : read.problems.map(({ line, message }) => `${line}: ${message}`)).toHaveLength(2);
});
