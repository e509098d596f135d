import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Problem } from '../fault.ts';
import type { Recorded } from '../plan/record.ts';
import { testFolder } from '../warehouse/test-folder.ts';
import { columnProblems } from './column-problems.ts';
import { readLineage } from './lineage.ts';
import { refuseWrongColumns } from './refuse-columns.ts';
import { readWorkspace } from './workspace.ts';

const project: Readonly<Record<string, string>> = {
  'project.yml': 'name: shop\ntimezone: Asia/Kolkata\ntarget: local\ntargets:\n  local: { type: embedded }\n',
  'models/sources.yml': `sources:
  - name: raw.lines
    files: { path: lines.csv }
    columns: { day: { type: date }, store: { type: text }, amount: { type: numeric } }
  - name: raw.theirs
    columns: { day: { type: date } }
`,
  'models/staging/lines.sql': 'select day, store, amount from raw.lines\n',
  'models/staging/more.sql': '/*---\nmaterialized: ephemeral\n---*/\nselect t.*, t.extra as x from raw.theirs t\n',
  'models/kpi/daily.sql': `/*---
materialized: table
time_column: day
unique_key: [day, store]
audits:
  - not_null: [amount]
  - expression: { sql: "amount >= 0" }
---*/
select l.day, l.store, sum(l.amount) as amount, count(m.x) as extras
from staging.lines l
left join staging.more m on m.day = l.day and m.something = 1
group by l.day, l.store
`,
};

type Change = readonly [path: string, from: string, to: string];

/** The problems after a change, as `file:line code message hint`; a report `daily` may ask a query and name columns of it. */
async function problemsAfter(change?: Change, query?: string, named: readonly string[] = []): Promise<string[]> {
  await using folder = await testFolder();
  write(folder.path, change);
  const workspace = readWorkspace(folder.path, {});
  expect(workspace.problems).toEqual([]);
  const queries = query === undefined ? [] : [{ name: 'stores', file: 'reports/daily/stores.sql', sql: query }];
  const path = 'reports/daily/report.yml';
  const columns = named.map((column, at) => ({ query: 'stores', column, place: { file: path, line: at + 7 } }));
  const exposures = [{ name: 'daily', path, reads: [], owners: [], queries, columns }];
  const show = ({ file, line, code, message, hint = '' }: Problem) =>
    `${file}:${line ?? '-'} ${code} ${message} ${hint}`;
  return (await columnProblems({ ...workspace, exposures })).map(show);
}

function write(root: string, change?: Change): void {
  for (const [path, text] of Object.entries(project)) {
    const [file, from = '', to = ''] = change ?? [];
    if (file === path) expect(text).toContain(from);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), file === path ? text.replace(from, to) : text);
  }
}

test('a project without a mistake has none, whatever others keep in their tables', async () => {
  expect(await problemsAfter(undefined, 'select store, extras from kpi.daily')).toEqual([]);
});

const daily = 'models/kpi/daily.sql';
const mistakes: readonly (readonly [Change, RegExp])[] = [
  [[daily, 'l.store, sum', 'l.stor, sum'], /^models\/kpi\/daily.sql:9 unknown-column l has no column stor .*"store"/],
  [['models/staging/lines.sql', 'amount', 'amont'], /^models\/staging\/lines.sql:1 unknown-column .* amont .*"amount"/],
  [
    [daily, 'unique_key: [day, store]', 'unique_key: [day, shop]'],
    /^models\/kpi\/daily.sql:4 unknown-column unique_key names shop/,
  ],
  [[daily, 'time_column: day', 'time_column: date'], /^models\/kpi\/daily.sql:3 unknown-column time_column names date/],
  [[daily, 'not_null: [amount]', 'not_null: [amuont]'], /^models\/kpi\/daily.sql:6 .*not_null names amuont.*"amount"/],
  [[daily, 'amount >= 0', 'amonut >= 0'], /^models\/kpi\/daily.sql:7 unknown-column .*amonut.*"amount"/],
  [
    [daily, 'sum(l.amount)', 'sum(k.amount)'],
    /^models\/kpi\/daily.sql:9 unknown-name no table of this query is called k/,
  ],
];
for (const [change, line] of mistakes) {
  test(`${change[1]} -> ${change[2]}`, async () => {
    const found = await problemsAfter(change);
    expect(found[0]).toMatch(line);
  });
}

test('a column that a model does not give is missed by the report that reads it, at its line', async () => {
  expect(await problemsAfter(undefined, 'select day,\n  d.sotre\nfrom kpi.daily d')).toEqual([
    expect.stringMatching(/^reports\/daily\/stores.sql:2 unknown-column d has no column sotre .*"store"/),
  ]);
});

test('a column that a report names elsewhere is missed where it does, when all that its query gives is known', async () => {
  expect(await problemsAfter(undefined, 'select store, amount from kpi.daily', ['store', 'sotre'])).toEqual([
    'reports/daily/report.yml:8 unknown-column dataset "stores" has no column "sotre" Did you mean "store"?',
  ]);
  expect(await problemsAfter(undefined, 'select * from somewhere.else', ['sotre'])).toEqual([]);
});

test('readings are kept by their texts: what is read again is not parsed, what is damaged is read anew', async () => {
  await using folder = await testFolder();
  write(folder.path);
  const file = join(folder.path, 'var', 'cache', 'readings.json');
  const lineage = () => readLineage(readWorkspace(folder.path, {}));
  const first = await lineage();
  expect(first.columns).toContainEqual({ from: 'raw.theirs.extra', to: 'staging.more.x', partial: false });
  expect(first.columns).toContainEqual({ from: 'staging.more.x', to: 'kpi.daily.extras', partial: false });
  expect(first.unknown).toEqual(['staging.more']);
  const kept = readFileSync(file, 'utf8');
  expect(await lineage()).toEqual(first);
  expect(readFileSync(file, 'utf8')).toBe(kept);
  writeFileSync(file, kept.slice(0, kept.length / 2));
  expect(await lineage()).toEqual(first);
  rmSync(join(folder.path, 'var'), { recursive: true });
  writeFileSync(join(folder.path, 'var'), 'a file, no folder');
  expect(await lineage()).toEqual(first);
  expect(existsSync(file)).toBe(false);
});

test('plan and run refuse what they would build: texts never built as they stand, and their readers', async () => {
  await using folder = await testFolder();
  write(folder.path, ['models/staging/lines.sql', 'amount', 'amount as net']);
  const workspace = readWorkspace(folder.path, {});
  const builtBut = (changed: string): Recorded => ({
    builds: (model) => {
      const node = workspace.nodes.find(({ name }) => name === model);
      const sqlHash = node && 'sqlHash' in node && model !== changed ? node.sqlHash : 'another';
      return [{ model, sequence: 1, id: 'a', version: 'a', sqlHash, inputs: {} }];
    },
    loads: () => [],
    passes: () => [],
    sequence: () => 0,
  });
  const refused = (selected: string, recorded?: Recorded) =>
    refuseWrongColumns(workspace, new Set([selected]), recorded).then(
      () => [],
      (fault) => fault.problems.map(({ file, code }: Problem) => `${file} ${code}`),
    );
  const mistake = 'models/kpi/daily.sql unknown-column';
  expect((await refused('kpi.daily'))[0]).toBe(mistake);
  expect((await refused('kpi.daily', builtBut('kpi.daily')))[0]).toBe(mistake);
  expect((await refused('kpi.daily', builtBut('staging.lines')))[0]).toBe(mistake);
  // What the warehouse has taken is not read again; and of what is not selected nothing is said.
  expect(await refused('kpi.daily', builtBut('none'))).toEqual([]);
  expect(await refused('staging.lines')).toEqual([]);
});
