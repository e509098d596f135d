import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Model, parseModel } from '../project/model.ts';
import { compileModels } from './compile.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const facts = { vars: { currency: 'INR' }, target: { name: 'local', type: 'embedded' }, calendar };
const from = Date.UTC(2021, 8, 1) - 5.5 * 3_600_000;
const range = { from, until: from + 86_400_000 };

function model(body: string, header = 'materialized: incremental\ntime_column: d\ngrain: day'): Model {
  const read = parseModel('kpi.x', 'models/kpi/x.sql', `/*---\n${header}\n---*/\n${body}`);
  if (!read.model) throw new Error(JSON.stringify(read.problems));
  return read.model;
}

function compile(one: Model, macros: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-compile-'));
  mkdirSync(join(root, 'models', 'macros'), { recursive: true });
  for (const [name, text] of Object.entries(macros)) {
    writeFileSync(join(root, 'models', 'macros', `${name}.liquid`), text);
  }
  return compileModels(root, [one], facts);
}

test('edges are typed literals of the time column, in the business time zone', () => {
  const body = 'select {{ window.from }} - 13, {{ window.until }}, {{ coverage.from }}, {{ vars.currency }}';
  const render = (header?: string) =>
    compile(model(body, header)).models.get('kpi.x')?.render({ range, coverageFrom: from })?.trim();
  expect(render()).toBe("select date '2021-09-01' - 13, date '2021-09-02', date '2021-09-01', INR");
  expect(render('materialized: incremental\ntime_column: d\ngrain: hour')).toMatch(
    /timestamptz '2021-08-31 18:30:00\+00' - 13/,
  );
  expect(render('materialized: incremental\ntime_column: d\ngrain: day\ncolumns: { d: { type: timestamp } }')).toMatch(
    /timestamp '2021-09-01 00:00:00' - 13/,
  );
});

test('a macro takes arguments and sees the window', () => {
  const { models, problems } = compile(model("select {% render 'rolled', column: 'amount' %}"), {
    rolled: 'sum({{ column }}) over ({{ window.from }})',
  });
  expect(problems).toEqual([]);
  expect(models.get('kpi.x')?.render({ range })).toMatch(/sum\(amount\) over \(date '2021-09-01'\)/);
});

test('the text for hash and readers does not depend on the range', () => {
  const one = compile(model('select {{ window.from }}')).models.get('kpi.x');
  expect(one?.text).toMatch(/date '0001-01-01'/);
});

test('a view has no window to speak of', () => {
  expect(compile(model('select {{ window.from }}', 'materialized: view')).problems).toMatchObject([{ line: 4 }]);
});

test('a mistake in Liquid is named at its line of the file', () => {
  const { problems } = compile(model('select 1,\n  {{ windw.from }}'));
  expect(problems).toMatchObject([
    { file: 'models/kpi/x.sql', line: 7, code: 'liquid', message: /undefined variable/ },
  ]);
});

test('a mistake in a macro is named in the macro', () => {
  const { problems } = compile(model("select {% render 'm' %}"), { m: '1 +\n{{ nothing }}' });
  expect(problems).toMatchObject([{ file: 'models/macros/m.liquid', line: 2 }]);
});

test('templates reach no files', () => {
  const { problems } = compile(model("select {% render '../../project.yml' %}"));
  expect(problems[0]?.message).toBe('there is no models/macros/../../project.yml.liquid');
});
