import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault, type Problem } from '../fault.ts';
import { readWorkspace } from './workspace.ts';

const project: Readonly<Record<string, string>> = {
  'project.yml': `name: shop
timezone: Asia/Kolkata
target: local
targets:
  local: { type: embedded }
  dev: { type: postgres, url: env:WAREHOUSE_URL }
vars: { currency: INR }
`,
  'models/sources.yml': `sources:
  - name: raw.lines
    files: { path: "files/lines-{month}.csv" }
    time_column: day
    columns:
      day: { type: date }
      store: { type: text }
      amount: { type: "numeric(18,2)" }
`,
  'models/staging/lines.sql': `/*---
time_column: day
---*/
select day, store, amount from raw.lines
`,
  'models/kpi/daily.sql': `/*---
materialized: incremental
time_column: day
grain: day
start: 2021-09-01
reads_back: { staging.lines: 6d }
audits:
  - not_null: [store]
---*/
select day, store, sum(amount) as amount
from staging.lines
where day >= {{ window.from }} - 6 and day < {{ window.until }}
group by day, store
`,
  'models/macros/twice.liquid': '2 * {{ of }}',
  'dags/nightly.yml': `schedule: { cron: "0 2 * * *" }
select: kpi.daily
`,
};

type Change = Readonly<Record<string, string | ((text: string) => string)>>;

/** The problems of the project after a change, as `file:line code message hint`. */
function problemsAfter(change: Change): string[] {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-mistake-'));
  const files = { ...project };
  for (const [path, edit] of Object.entries(change)) {
    files[path] = typeof edit === 'string' ? edit : edit(files[path] ?? '');
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const show = ({ file, line, code, message, hint = '' }: Problem) =>
    `${file}:${line ?? '-'} ${code} ${message} ${hint}`.trim();
  try {
    return readWorkspace(root, {}).problems.map(show);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.code).toBe('invalid');
    const { place, message, hint = '' } = error;
    return error.problems.length > 0
      ? error.problems.map(show)
      : [`${place?.file ?? '-'}:${place?.line ?? '-'} fault ${message} ${hint}`.trim()];
  }
}

const replace = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

test('the project without a mistake has no problem', () => {
  expect(problemsAfter({})).toEqual([]);
});

/** Each mistake, and the one line that must name it. */
const mistakes: readonly (readonly [string, Change, RegExp])[] = [
  [
    'a project name with a blank',
    { 'project.yml': replace('name: shop', 'name: my shop') },
    /^project.yml:1 invalid-value name: /,
  ],
  ['no name', { 'project.yml': replace('name: shop\n', '') }, /^project.yml:1 missing-key missing key "name"/],
  [
    'an unknown time zone',
    { 'project.yml': replace('Asia/Kolkata', 'Asia/Kolkatta') },
    /^project.yml:2 .*not a known time zone/,
  ],
  [
    'an unknown target',
    { 'project.yml': replace('target: local', 'target: locla') },
    /^project.yml:3 .*no target "locla".*"local"/,
  ],
  [
    'an unknown kind of target',
    { 'project.yml': replace('type: embedded', 'type: embeded') },
    /^project.yml:5 .*embeded/,
  ],
  [
    'a literal secret',
    { 'project.yml': replace('env:WAREHOUSE_URL', 'postgres://u:p@db/x') },
    /^project.yml:6 .*secrets come from the environment/,
  ],
  ['an unknown key', { 'project.yml': replace('vars:', 'var:') }, /^project.yml:7 unknown-key .*"var".*"vars"/],
  [
    'a weekday that is none',
    { 'project.yml': (t) => `${t}week_starts: mon\n` },
    /^project.yml:8 invalid-value .*monday/,
  ],
  [
    'YAML that is not closed',
    { 'project.yml': replace('{ type: embedded }', '{ type: embedded') },
    /^project.yml:\d+ yaml/,
  ],
  [
    'the same key twice',
    { 'project.yml': (t) => `${t}name: other\n` },
    /^project.yml:8 yaml this key is there already/,
  ],
  ['a target that is missing', { 'project.yml': replace('target: local\n', '') }, /missing-key missing key "target"/],
  [
    'a source without columns',
    { 'models/sources.yml': 'sources:\n  - name: raw.lines\n' },
    /^models\/sources.yml:2 missing-key .*columns/,
  ],
  [
    'a source name without schema',
    { 'models/sources.yml': replace('raw.lines', 'lines') },
    /^models\/sources.yml:2 .*schema\.table/,
  ],
  [
    'a time column that is no column',
    { 'models/sources.yml': replace('time_column: day', 'time_column: dya') },
    /^models\/sources.yml:4 unknown-column .*"dya".*"day"/,
  ],
  [
    'a misspelt key of a source',
    { 'models/sources.yml': replace('time_column', 'timecolumn') },
    /^models\/sources.yml:4 unknown-key .*"time_column"/,
  ],
  [
    'a column without its type',
    { 'models/sources.yml': replace('store: { type: text }', 'store: {}') },
    /^models\/sources.yml:7 missing-key .*type/,
  ],
  ['a source and a model of one name', { 'models/raw/lines.sql': 'select 1 as one' }, /name-twice|defined/],
  [
    'a var in a file pattern that is none',
    { 'models/sources.yml': replace('files/lines', '{{ vars.folder }}/lines') },
    /^models\/sources.yml:3 .*undefined variable: vars.folder/,
  ],
  [
    'an undefined variable in complete_when',
    {
      'models/others/sources.yml':
        'sources:\n  - name: app.events\n    time_column: day\n    complete_when: "select max(d) >= {{ windw.until }} from app.loads"\n    columns: { day: { type: date } }\n',
    },
    /^models\/others\/sources.yml:4 liquid .*undefined variable: windw.*window\.from/,
  ],
  [
    'a header that is not closed',
    { 'models/staging/lines.sql': replace('---*/', '') },
    /^models\/staging\/lines.sql:1 header-not-closed/,
  ],
  [
    'a misspelt key of a header',
    { 'models/kpi/daily.sql': replace('time_column', 'time_colum') },
    /^models\/kpi\/daily.sql:3 unknown-key .*"time_column"/,
  ],
  [
    'an unknown materialization',
    { 'models/kpi/daily.sql': replace('incremental', 'incrementel') },
    /^models\/kpi\/daily.sql:2 invalid-value .*"incremental"/,
  ],
  [
    'an unknown grain',
    { 'models/kpi/daily.sql': replace('grain: day', 'grain: dayly') },
    /^models\/kpi\/daily.sql:4 invalid-value .*hour, day, week, month/,
  ],
  [
    'an incremental model without grain',
    { 'models/kpi/daily.sql': replace('grain: day\n', '') },
    /^models\/kpi\/daily.sql:\d+ .*grain.*incremental model needs it/,
  ],
  [
    'a start that is no date',
    { 'models/kpi/daily.sql': replace('2021-09-01', '2021-13-01') },
    /^models\/kpi\/daily.sql:5 .*a date such as/,
  ],
  [
    'a duration that is none',
    { 'models/kpi/daily.sql': replace('6d', '6 days') },
    /^models\/kpi\/daily.sql:6 .*a duration such as/,
  ],
  [
    'reads_back of what is not read',
    { 'models/kpi/daily.sql': replace('staging.lines: 6d', 'staging.line: 6d') },
    /^models\/kpi\/daily.sql:6 reads-back-unread .*"staging.lines"/,
  ],
  [
    'an unknown audit',
    { 'models/kpi/daily.sql': replace('not_null', 'not_nul') },
    /^models\/kpi\/daily.sql:8 unknown-key .*"not_null"/,
  ],
  [
    'an audit of a column that the model does not name',
    { 'models/kpi/daily.sql': replace('not_null: [store]', 'not_null: []') },
    /^models\/kpi\/daily.sql:8 /,
  ],
  [
    'a misspelt table',
    { 'models/kpi/daily.sql': replace('from staging.lines', 'from staging.line') },
    /^models\/kpi\/daily.sql:11 unknown-table .*staging\.line .*"staging.lines"/,
  ],
  [
    'a model that reads itself',
    { 'models/staging/lines.sql': replace('raw.lines', 'staging.lines') },
    /^models\/staging\/lines.sql:4 reads-itself/,
  ],
  [
    'a circle',
    { 'models/staging/lines.sql': replace('from raw.lines', 'from raw.lines, kpi.daily') },
    /circle.*kpi\.daily.*staging\.lines|circle.*staging\.lines.*kpi\.daily/,
  ],
  [
    'an undefined variable',
    { 'models/kpi/daily.sql': replace('window.from', 'windw.from') },
    /^models\/kpi\/daily.sql:12 liquid undefined variable: windw/,
  ],
  [
    'an undefined var',
    { 'models/kpi/daily.sql': replace('sum(amount)', '{{ vars.factor }} * sum(amount)') },
    /^models\/kpi\/daily.sql:10 liquid undefined variable: vars.factor/,
  ],
  [
    'a tag that is not closed',
    { 'models/kpi/daily.sql': replace('group by', '{% if vars.currency %} group by') },
    /^models\/kpi\/daily.sql:13 liquid tag .*if.* not closed/,
  ],
  [
    'an unknown filter',
    { 'models/kpi/daily.sql': replace('window.until', 'window.until | upcase_it') },
    /^models\/kpi\/daily.sql:12 liquid undefined filter: upcase_it/,
  ],
  [
    'a macro that is not there',
    { 'models/kpi/daily.sql': replace('sum(amount)', "{% render 'twise', of: 'sum(amount)' %}") },
    /^models\/kpi\/daily.sql:10 liquid there is no models\/macros\/twise\.liquid Did you mean "twice"/,
  ],
  [
    'a window in a view',
    { 'models/staging/lines.sql': replace('from raw.lines', 'from raw.lines where day >= {{ window.from }}') },
    /^models\/staging\/lines.sql:4 liquid undefined variable: window/,
  ],
  [
    'two statements',
    { 'models/staging/lines.sql': (t) => `${t}; select 2` },
    /^models\/staging\/lines.sql:5 second-statement/,
  ],
  [
    'a statement that is no query',
    { 'models/staging/lines.sql': 'truncate raw.lines' },
    /^models\/staging\/lines.sql:1 not-a-query/,
  ],
  [
    'a string that is not closed',
    { 'models/staging/lines.sql': replace('store,', "'store,") },
    /^models\/staging\/lines.sql:4 unclosed/,
  ],
  [
    'a parenthesis that is not closed',
    { 'models/kpi/daily.sql': replace('sum(amount)', 'sum(amount') },
    /^models\/kpi\/daily.sql:10 unbalanced/,
  ],
  [
    'an empty model',
    { 'models/staging/lines.sql': '/*---\ntags: [a]\n---*/\n' },
    /^models\/staging\/lines.sql:\d empty-model/,
  ],
  [
    'no window filter',
    { 'models/kpi/daily.sql': replace('where day >= {{ window.from }} - 6 and day < {{ window.until }}\n', '') },
    /^models\/kpi\/daily.sql:\d+ window-filter .*staging\.lines/,
  ],
  ['a model file in no schema', { 'models/daily.sql': 'select 1 as one' }, /^models\/daily.sql:- model-path/],
  [
    'a model name with a capital',
    { 'models/kpi/Daily.sql': 'select 1 as one' },
    /^models\/kpi\/Daily.sql:- model-path/,
  ],
  [
    'the same model in two folders',
    { 'models/kpi/more/daily.sql': 'select 1 as one' },
    /^models\/kpi\/more\/daily.sql:- name-twice|^models\/kpi\/daily.sql:- name-twice/,
  ],
  ['a cron that is none', { 'dags/nightly.yml': replace('0 2 * * *', '0 26 * * *') }, /^dags\/nightly.yml:1 .*cron/],
  [
    'a dag that selects nothing',
    { 'dags/nightly.yml': replace('kpi.daily', 'kpi.dayly') },
    /^dags\/nightly.yml:2 .*kpi\.dayly.*kpi\.daily/,
  ],
  [
    'a misspelt key of a dag',
    { 'dags/nightly.yml': replace('select:', 'selct:') },
    /^dags\/nightly.yml:2 unknown-key .*"select"/,
  ],
];

test.each(mistakes)('%s', (_, change, expected) => {
  const problems = problemsAfter(change);
  expect(
    problems.some((problem) => expected.test(problem)),
    problems.join('\n'),
  ).toBe(true);
});

test('all mistakes of a project are named at once', () => {
  const problems = problemsAfter({
    'models/sources.yml': replace('time_column: day', 'time_column: dya'),
    'models/staging/lines.sql': replace('raw.lines', 'raw.line'),
    'models/kpi/daily.sql': replace('grain: day', 'grain: dayly'),
    'dags/nightly.yml': replace('select:', 'selct:'),
  });
  expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(
    new Set(['models/sources.yml', 'models/staging/lines.sql', 'models/kpi/daily.sql', 'dags/nightly.yml']),
  );
});

test('a model whose header cannot be read is told of once: who reads it has no mistake of its own', () => {
  const broken = (text: string) => text.replace('time_column', 'time_colum');
  expect(problemsAfter({ 'models/staging/lines.sql': broken })).toEqual([
    'models/staging/lines.sql:2 unknown-key unknown key "time_colum" Did you mean "time_column"?',
  ]);
});
