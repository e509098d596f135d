import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testFolder } from '../warehouse/test-folder.ts';

const main = fileURLToPath(new URL('../main.mjs', import.meta.url));

const right: Readonly<Record<string, string>> = {
  'project.yml':
    'name: shop\ntimezone: Asia/Kolkata\ntarget: local\ntargets:\n  local: { type: embedded }\nvars: { currency: INR }\n',
  'models/sources.yml': `sources:
  - name: raw.lines
    files: { path: "files/lines-{month}.csv" }
    time_column: day
    columns: { day: { type: date }, store: { type: text }, amount: { type: "numeric(18,2)" } }
`,
  'models/staging/lines.sql': '/*---\ntime_column: day\n---*/\nselect day, store, amount from raw.lines\n',
};

const windowed = (
  header: string,
  sql = 'select day from staging.lines where day >= {{ window.from }} and day < {{ window.until }}',
) => `/*---\nmaterialized: incremental\ntime_column: day\ngrain: day\n${header}\n---*/\n${sql}\n`;
const table = (header: string, sql = 'select store from staging.lines') =>
  `/*---\nmaterialized: table\n${header}\n---*/\n${sql}\n`;

/** Each mistake in a file of its own: the file, its text, the line that is named, and a word that must be said. */
const mistakes: readonly (readonly [string, string, number | '', string])[] = [
  ['models/a/misspelt_key.sql', windowed('lookbak: 3d'), 5, '"lookback"'],
  [
    'models/a/wrong_grain.sql',
    windowed('batch: 3').replace('grain: day', 'grain: dayly'),
    4,
    'must be one of: hour, day, week, month',
  ],
  ['models/a/no_time.sql', windowed('batch: 3').replace('time_column: day\n', ''), 2, 'time_column'],
  ['models/a/bad_start.sql', windowed('start: 2021-13-01'), 5, 'a date such as'],
  ['models/a/bad_duration.sql', windowed('lookback: 3 days'), 5, 'a duration such as'],
  ['models/a/bad_batch.sql', windowed('batch: 0'), 5, 'must be at least 1'],
  ['models/a/reads_back.sql', windowed('reads_back: { staging.line: 3d }'), 5, '"staging.lines"'],
  [
    'models/a/no_filter.sql',
    windowed('batch: 3', 'select day from staging.lines'),
    6,
    'without a filter on the window',
  ],
  ['models/a/unknown_table.sql', table('tags: []', 'select store\nfrom staging.line'), 6, '"staging.lines"'],
  ['models/a/reads_itself.sql', table('tags: []', 'select 1 from a.reads_itself'), 5, 'reads itself'],
  ['models/a/depends_on.sql', table('depends_on: [raw.line]'), 3, '"raw.lines"'],
  ['models/a/unknown_audit.sql', table('audits:\n  - not_nul: [store]'), 4, '"not_null"'],
  ['models/a/empty_audit.sql', table('audits:\n  - unique: []'), 4, 'must not be empty'],
  ['models/a/union_audit.sql', table('audits:\n  - unique: store'), 4, 'must be a list, or a map with'],
  ['models/a/severity.sql', table('audits:\n  - expression: { sql: "true", severity: eror }'), 4, '"error"'],
  [
    'models/a/audit_unread.sql',
    table('audits:\n  - relationships: { column: store, to: seeds.stores }'),
    4,
    'seeds.stores',
  ],
  ['models/a/audit_file.sql', table('audits:\n  - sql: smal'), 4, 'models/audits/smal.sql'],
  ['models/a/restates.sql', windowed('restates: true'), 5, 'for models without windows'],
  ['models/a/contract.sql', table('contract: true\ncolumns: { store: {} }'), 3, 'the type of store'],
  ['models/a/tags.sql', table('tags: daily'), 3, 'must be a list'],
  ['models/a/not_closed.sql', '/*---\nmaterialized: table\nselect 1 as one\n', 1, 'never closed'],
  ['models/a/empty.sql', table('tags: []', ''), 4, 'no SQL'],
  ['models/a/yaml.sql', table('tags: [a'), 4, 'yaml'],
  [
    'models/a/snapshot.sql',
    '/*---\nmaterialized: snapshot\nupdated_column: at\n---*/\nselect 1 as at\n',
    2,
    'unique_key',
  ],
  [
    'models/a/ephemeral.sql',
    '/*---\nmaterialized: ephemeral\naudits:\n  - not_null: [a]\n---*/\nselect 1 as a\n',
    4,
    'no rows of its own',
  ],
  ['models/a/variable.sql', table('tags: []', "select '{{ vars.curency }}' as c from staging.lines"), 5, '"currency"'],
  ['models/a/liquid_tag.sql', table('tags: []', 'select 1 as one\n{% if true %}'), 6, 'not closed'],
  ['models/a/filter.sql', table('tags: []', "select '{{ vars.currency | shout }}' as c"), 5, 'undefined filter: shout'],
  ['models/a/macro.sql', table('tags: []', "select {% render 'twise' %} as c"), 5, 'twise'],
  ['models/a/second.sql', table('tags: []', 'select 1 as one;\nselect 2 as two'), 5, 'second statement'],
  ['models/a/truncate.sql', table('tags: []', 'truncate raw.lines'), 5, 'TRUNCATE is not a query'],
  ['models/a/string.sql', table('tags: []', "select 'one"), 5, 'never closed'],
  ['models/a/parenthesis.sql', table('tags: []', 'select (1 as one'), 5, 'never closed'],
  ['models/a/parameter.sql', table('tags: []', 'select $1 as one'), 5, 'no parameter $1'],
  ['models/a/Capital.sql', 'select 1 as one\n', '', 'in small letters'],
  ['models/b/circle.sql', table('tags: []', 'select one from b.turn'), '', 'circle'],
  ['models/b/turn.sql', table('tags: []', 'select one from b.circle'), '', ''],
  [
    'models/c/sources.yml',
    'sources:\n  - name: app.events\n    time_colum: day\n    columns: { day: { type: date } }\n',
    3,
    '"time_column"',
  ],
  [
    'models/d/sources.yml',
    'sources:\n  - name: app.orders\n    time_column: dya\n    columns: { day: { type: date } }\n',
    3,
    '"day"',
  ],
  [
    'models/e/sources.yml',
    'sources:\n  - name: app.loads\n    time_column: day\n    complete_when: "{{ windw.until }}"\n    columns: { day: { type: date } }\n',
    4,
    'windw',
  ],
  [
    'models/f/sources.yml',
    'sources:\n  - name: app.files\n    files: { path: "{{ vars.folder }}/x.csv" }\n    columns: { day: { type: date } }\n',
    3,
    'vars.folder',
  ],
  [
    'models/a/lines.test.yml',
    'tests:\n  - { name: one, model: staging.lin, given: {}, expect: [] }\n',
    2,
    '"staging.lines"',
  ],
  ['models/seeds/stores.csv', 'Store,rank\nA,1\n', 1, '"Store" cannot be a column'],
  ['dags/hours.yml', 'schedule: { cron: "0 26 * * *" }\nselect: staging.lines\n', 1, 'the hour "26" is none'],
  ['dags/names.yml', 'schedule: { cron: "0 2 * * *" }\nselect: staging.line\n', 2, '"staging.lines"'],
  [
    'dags/zone.yml',
    'schedule: { cron: "0 2 * * *", timezone: Asia/Kolkatta }\nselect: staging.lines\n',
    1,
    'time zone',
  ],
  ['dags/pool.yml', 'schedule: { cron: "0 2 * * *" }\nselect: staging.lines\npools: [slow]\n', 3, 'no pool slow'],
];

test('forty mistakes and more are all named at once, at their lines, by every command that reads the project; exit 2', async () => {
  await using folder = await testFolder();
  for (const [path, text] of [
    ...Object.entries(right),
    ...mistakes.map(([file, content]) => [file, content] as const),
  ]) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  expect(mistakes.length).toBeGreaterThan(45);
  for (const command of ['check', 'run', 'compile']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, command], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    const said = stdout + stderr;
    expect(status, said).toBe(2);
    const missed = mistakes.filter(([file, , line, words]) => {
      const place = line === '' ? file : `${file}:${line}`;
      const about = said
        .split(/\n(?=\S)/)
        .filter((one) => one.startsWith(place) && !/^\d/.test(one.slice(place.length)));
      return words !== '' && !about.some((one) => one.includes(words));
    });
    expect(
      missed.map(([file, , line, words]) => `${file}:${line} ${words}`),
      said,
    ).toEqual([]);
    expect(said).not.toMatch(/^\s+at .*:\d+:\d+|node:internal|Error:/m);
  }
});
