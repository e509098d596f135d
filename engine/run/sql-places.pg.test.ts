import { expect, test } from 'vitest';
import { showFault } from '../fault.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, smallProject, testProject } from './test-project.ts';

const daily = (header: string, sql = 'sum(amount) as amount') =>
  modelFile(
    `materialized: incremental\ntime_column: day\ngrain: day\n${header}`,
    `select\n  day,\n  store,\n  ${sql}\nfrom staging.lines\nwhere day >= {{ window.from }} and day < {{ window.until }} group by day, store`,
  );

/** Each mistake, and all that is said of it. Line numbers are those of the file. */
test.each([
  [
    'a column of a window',
    { 'models/kpi/daily.sql': daily('tags: []', 'sum(amuont) as amount') },
    /^models\/kpi\/daily\.sql:10 {2}column "amuont" does not exist \[42703\]\n {2}Perhaps you meant to reference the column "lines\.amount"\.$/,
  ],
  [
    'a column of a view',
    { 'models/staging/lines.sql': '/*---\ntags: [x]\n---*/\nselect day, store,\n  amuont as amount\nfrom raw.lines' },
    /^models\/staging\/lines\.sql:5 {2}column "amuont" does not exist \[42703\]/,
  ],
  [
    'a column of a view without a header',
    { 'models/staging/lines.sql': 'select day, store, amuont as amount from raw.lines' },
    /^models\/staging\/lines\.sql:1 {2}column "amuont" does not exist/,
  ],
  [
    'a column of a full table',
    { 'models/kpi/daily.sql': modelFile('materialized: table', 'select day,\n  stor\nfrom staging.lines') },
    /^models\/kpi\/daily\.sql:5 {2}column "stor" does not exist/,
  ],
  [
    'a time column',
    { 'models/kpi/daily.sql': daily('tags: []').replace('time_column: day', 'time_column: dya') },
    /^models\/kpi\/daily\.sql:3:14 {2}kpi\.daily has no column "dya", which its header names as time_column\n {2}Did you mean "day"\?$/,
  ],
  [
    'a column of an audit',
    { 'models/kpi/daily.sql': daily('audits:\n  - not_null: [day]\n  - not_null: [stor]') },
    /^models\/kpi\/daily\.sql:7:5 {2}audit "not_null: stor": column "stor" does not exist \[42703\]\n {2}Perhaps you meant to reference the column "kpi\.daily\.store"\.$/,
  ],
  [
    'the SQL of an audit',
    { 'models/kpi/daily.sql': daily('audits:\n  - expression: { sql: "amount >" }') },
    /^models\/kpi\/daily\.sql:6:5 {2}audit "expression: amount >": syntax error at or near/,
  ],
  [
    'a file of an audit',
    {
      'models/kpi/daily.sql': daily('audits:\n  - sql: small'),
      'models/audits/small.sql': 'select *\nfrom {{ this }} as t\nwhere t.amuont > 0',
    },
    /^models\/audits\/small\.sql:3 {2}audit "sql: small": column t\.amuont does not exist \[42703\]\n {2}Perhaps you meant to reference the column "t\.amount"\.$/,
  ],
  [
    'a key',
    { 'models/kpi/daily.sql': daily('unique_key: [day, stor]') },
    /^models\/kpi\/daily\.sql:5:13 {2}audit "unique: day, stor": column "stor" does not exist/,
  ],
])('a mistake in %s is named at one place, with the nearest word', async (what, files, expected) => {
  // Redshift reads a late-binding view only when it is queried, and then tells no place.
  if (what.includes('of a view') && process.env['TIFFIN_TEST_WAREHOUSE'] === 'redshift') return;
  await using store = await testDatabase();
  using house = testProject(store.database, {
    ...smallProject,
    ...files,
    'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n',
  });
  const { results } = await house.results();
  const failed = results.flatMap(({ outcome }) => (outcome.kind === 'failed' ? [showFault(outcome.error)] : []));
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatch(expected);
  expect(failed[0]).not.toMatch(/stage_|\(line/);
});
