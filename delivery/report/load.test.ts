import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadReports } from './load.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'reports-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const rules = 'money: { kind: number }\ngrowth: { kind: growth, base: before }\n';

test('the sample report has no problems, and everything it names with it', async () => {
  const { reports, problems } = await loadReports(join(import.meta.dirname, '../..'));
  expect(problems).toEqual([]);
  const [report] = reports;
  expect(report).toMatchObject({ name: 'daily_sales', path: 'reports/daily_sales/report.yml', title: 'Daily sales' });
  expect(Object.keys(report?.texts ?? {})).toEqual(expect.arrayContaining(['stores.sql', 'email.liquid']));
  expect(report?.rules['growth']).toMatchObject({ kind: 'growth', base: 'previous_sum_7d', flat: 1 });
});

test('a project without reports has none', async () => {
  expect(await loadReports(await project({}))).toEqual({ reports: [], rules: {}, problems: [] });
});

test('every mistake is named at once, at its line, with the nearest right word', async () => {
  const root = await project({
    'reports/formats.yml': rules,
    'reports/sales/stores.sql': 'select 1',
    'reports/sales/email.liquid': 'fine\n{% if x %}',
    'reports/sales/report.yml': `title: Sales
schedule: { cron: "0 8 * *", timezone: Asia/Calcuta }
datasets: { stores: store.sql }
headline: { sales: sum(storse.amount) }
document:
  - table: { data: stors, columns: [amount], format: { amount: mony, amont: money }, total: [amonut] }
  - kpis: [{ title: Sales, value: summ(stores.amount), format: money }]
  - text: letter.md
formats: [pdf]
deliver:
  - { id: office, channel: email, to: { list: all }, attach: [xlsx], body: email.liquid }
  - { id: office, channel: email, to: { query: people.sql } }
`,
  });
  const { reports, problems } = await loadReports(root);
  expect(reports).toEqual([]);
  expect(problems.map(({ file, line, message, hint }) => `${file}:${line} ${message} ${hint ?? ''}`.trim())).toEqual([
    'reports/sales/report.yml:3 there is no file store.sql beside report.yml Did you mean "stores.sql"?',
    'reports/sales/report.yml:4 there is no dataset "storse" Did you mean "stores"?',
    'reports/sales/report.yml:6 there is no dataset "stors" Did you mean "stores"?',
    'reports/sales/report.yml:6 there is no formatting rule "mony" Did you mean "money"?',
    'reports/sales/report.yml:6 the table\'s columns do not name "amont" Did you mean "amount" of line 6, or is that one misspelt?',
    'reports/sales/report.yml:6 the table\'s columns do not name "amonut" Did you mean "amount" of line 6, or is that one misspelt?',
    'reports/sales/report.yml:7 "summ(stores.amount)" calls "summ", which there is not Did you mean "sum"?',
    'reports/sales/report.yml:8 there is no file letter.md beside report.yml Known: email.liquid.',
    'reports/sales/email.liquid:2 tag {% if x %} not closed',
    'reports/sales/report.yml:11 "xlsx" is sent but not made Add xlsx to formats.',
    'reports/sales/report.yml:12 two entries of deliver are called "office"',
    'reports/sales/report.yml:12 there is no file people.sql beside report.yml Known: stores.sql.',
  ]);
});

test('one wrong report does not hide the others, and broken rules hold all back', async () => {
  const good = 'title: A\ndatasets: {}\ndocument: [{ text: hello }]\n';
  const files = { 'reports/a/report.yml': good, 'reports/b/report.yml': 'titel: B\n', 'reports/C/report.yml': good };
  const mixed = await loadReports(await project(files));
  expect(mixed.reports.map(({ name }) => name)).toEqual(['a']);
  expect(mixed.problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
    'reports/C/report.yml report-name',
    'reports/b/report.yml missing-key',
    'reports/b/report.yml unknown-key',
  ]);
  const broken = await loadReports(await project({ ...files, 'reports/formats.yml': 'a: { kind: numbr }\n' }));
  expect(broken.reports).toEqual([]);
  expect(broken.problems[0]).toMatchObject({ file: 'reports/formats.yml', line: 1 });
});

test('holidays are named by their region, and what names none is told', async () => {
  const calendar = 'india: [2026-01-26, sunday]\ngoa: [2026-12-03]\n';
  const report = (more: string) => `title: Sales\n${more}\ndocument: [page_break]\n`;
  const load = async (more: string, file = calendar) => {
    const root = await project({ 'reports/calendar.yml': file, 'reports/sales/report.yml': report(more) });
    const { reports, problems } = await loadReports(root);
    return [
      reports[0]?.daysOff,
      ...problems.map(({ line, message, hint }) => `${line} ${message} ${hint ?? ''}`.trim()),
    ];
  };
  expect(await load('on_holiday: next\nholidays: goa')).toEqual([['2026-12-03']]);
  expect(await load('on_holiday: skip', 'india: [sunday]')).toEqual([['sunday']]);
  expect(await load('on_holiday: skip')).toEqual([undefined, '2 whose holidays? Add holidays: and one of india, goa.']);
  expect(await load('on_holiday: skip\nholidays: indja')).toEqual([
    undefined,
    expect.stringMatching(/^3 reports\/calendar.yml has no region "indja" .*india/),
  ]);
  expect(await load('on_holiday: skip', 'india: [2022-02-30]')).toEqual([
    undefined,
    expect.stringContaining('there is no such day'),
  ]);
  expect(await load('on_holiday: skip', 'india: [sundy]')).toEqual([undefined, expect.stringContaining('sunday')]);
});

test('what a file of rules that cannot be read would have had is not missed at each place that names it', async () => {
  const root = await project({
    'reports/formats.yml': 'money: { kind: numbr }\n',
    'reports/sales/report.yml': `title: Sales
datasets: { stores: stores.sql }
document:
  - table: { data: stors, columns: [amount], format: { amount: money } }
`,
    'reports/sales/stores.sql': 'select 1',
  });
  const { problems } = await loadReports(root);
  expect(problems.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
    expect.stringMatching(/^reports\/formats.yml:1 /),
    'reports/sales/report.yml:4 unknown-dataset',
  ]);
});

test('a word that no language has is missed where it is asked for, in the report and in its files', async () => {
  const root = await project({
    'reports/words.yml': 'en: { sales: Sales }\nhi: { sales: बिक्री }\n',
    'reports/sales/report.yml': `title: "{{ words.sales }} and {{ words.bougt }}"
words: { en: { bought: Bought } }
document:
  - text: letter.md
`,
    'reports/sales/letter.md':
      '{{ words.sales }}\n\n{% for words in list %}{{ words.any }}{% endfor %}{{ words.saels }}\n',
  });
  const { problems } = await loadReports(root);
  expect(problems.map(({ file, line, message, hint }) => `${file}:${line} ${message} ${hint}`)).toEqual([
    'reports/sales/report.yml:1 there is no word "bougt" Did you mean "bought"?',
    'reports/sales/letter.md:3 there is no word "saels" Did you mean "sales"?',
  ]);
});

test('the calendar may lie where project.yml says', async () => {
  const report = 'title: Sales\non_holiday: skip\ndocument: [page_break]\n';
  const files = { 'reports/calendar.yml': 'goa: [monday]', 'days/off.yml': 'india: [sunday]' };
  const root = await project({ ...files, 'reports/sales/report.yml': report });
  const { reports, problems } = await loadReports(root, 'reports', 'days/off.yml');
  expect([reports[0]?.daysOff, problems]).toEqual([['sunday'], []]);
  const gone = await loadReports(root, 'reports', 'days/of.yml');
  expect(gone.problems[0]).toMatchObject({ file: 'project.yml', message: expect.stringContaining('no days/of.yml') });
});
