import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestProject, testProject } from './test-project.ts';

// What commands say to a person who asked for what is not there, or made a slip.

const sources = `sources:
  - name: raw.sales
    files: { path: sales.csv }
    time_column: day
    columns: { day: { type: date }, store: { type: text }, amount: { type: "numeric(18,2)" } }
`;
const model = `/*---
materialized: incremental
time_column: sale_date
grain: day
start: 2021-12-01
---*/
select day as sale_date, store, sum(amount) as amount from raw.sales
where day >= {{ window.from }} and day < {{ window.until }} group by day, store
`;

let state: TestDatabase;
let project: TestProject;
beforeEach(async () => {
  state = await testDatabase();
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: 'smtp://127.0.0.1:1' };
  const deliver = '  - { id: drop, channel: office, to: { list: all }, attach: [csv], caption: "{{ title }}" }\n';
  project = testProject(env, { people: 3, deliver });
  const write = (path: string, text: string) => writeFileSync(join(project.root, path), text);
  const days = Array.from({ length: 24 }, (_, index) => `2021-12-${String(index + 1).padStart(2, '0')}`);
  write('sales.csv', `day,store,amount\n${days.map((one) => `${one},S1,10.50\n`).join('')}`);
  write('models/sources.yml', sources);
  write('models/kpi/store_daily.sql', model);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  project[Symbol.dispose]();
  await state[Symbol.asyncDispose]();
});

const say = async (...args: string[]) => {
  const { code, out, err } = await project.run('delivery', ...args);
  return { code, said: `${out}${err}` };
};
const day = ['--date', '2021-12-21'];

test('before anything is built, a preview and a run say so and wait', async () => {
  expect(await say('preview', 'daily', ...day)).toEqual({
    code: 3,
    said: 'not all of the data is there: kpi.store_daily lacks 2021-12-21 to before 2021-12-22; "engine run" builds it\n',
  });
  expect((await say('run', 'daily', ...day)).code).toBe(3);
});

test('a second run, strangers, unknown messages, a day without data', async () => {
  const built = await project.run('engine', 'run');
  expect([built.code, built.err]).toEqual([0, expect.any(String)]);
  expect((await say('run', 'daily', ...day)).said).toBe('daily 2021-12-21: 3 sent, 3 new\n');
  expect(await say('run', 'daily', ...day)).toEqual({
    code: 0,
    said: 'daily 2021-12-21: nothing new; 3 sent earlier\n',
  });
  expect(await say('run', 'daily')).toMatchObject({
    code: 3,
    said: expect.stringContaining('the data ends with 2021-12-24: delivery run daily --date 2021-12-24'),
  });
  expect(await say('preview', 'daily', ...day, '--recipient', 'p9')).toMatchObject({
    code: 2,
    said: expect.stringContaining('"p9" is not among the slot\'s recipients'),
  });
  expect(await say('settle', '999', '--sent')).toMatchObject({
    code: 2,
    said: expect.stringContaining('there is no message 999'),
  });
  expect(await say('settle', '1', '--sent')).toEqual({
    code: 1,
    said: 'message 1 is sent: neither unclear nor held\n',
  });
  // Whoever has to settle one finds its id in the log.
  const { said } = await say('log', '--json', '--recipient', 'p2');
  const ids = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message);
  expect(new Set(ids)).toEqual(new Set(['2']));
});

test('a column or a name in a caption that there is not is named at its line', async () => {
  expect((await project.run('engine', 'run')).code).toBe(0);
  const file = join(project.root, 'reports/daily/report.yml');
  const good = readFileSync(file, 'utf8');
  const slip = async (from: string, to: string) => {
    writeFileSync(file, good.replace(from, to));
    const { code, said } = await say('preview', 'daily', ...day);
    return `${code} ${said.split('\n').slice(0, 2).join(' ').replace(/\s+/g, ' ')}`;
  };
  expect(await slip('sum(stores.amount)', 'sum(stores.amont)')).toBe(
    '2 reports/daily/report.yml:4:20 error dataset "stores" has no column "amont" [unknown-column] Did you mean "amount"?',
  );
  expect(await slip('total: [amount]', 'total: [amont]')).toContain(
    'report.yml:6:36 error dataset "stores" has no column',
  );
  expect(await slip('{{ title }}', '{{ titel }}')).toContain('reports/daily/report.yml:9:');
});

/** Loaded before the command: a renderer that leaves the store S1 out of its pages. */
const planted = `
const { openPdf } = await import('#render/pdf.ts');
const { pagesClass } = await import('#render/pdfmake.ts');
openPdf();
const { renderLine } = pagesClass.prototype;
pagesClass.prototype.renderLine = function (line, x, y) {
  if (!line.inlines.some(({ text }) => text.startsWith('S1'))) renderLine.call(this, line, x, y);
};
`;

test('a preview keeps a file that does not say what the data says as REFUSED, and a run sends none', async () => {
  expect((await project.run('engine', 'run')).code).toBe(0);
  const file = join(project.root, 'reports/daily/report.yml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('[csv, html]', '[pdf]').replace('attach: [csv]', 'attach: [pdf]'),
  );
  expect((await say('preview', 'daily', ...day)).code).toBe(0);
  const plant = join(project.root, 'planted.mjs');
  const render = pathToFileURL(join(import.meta.dirname, '../render')).href;
  writeFileSync(plant, planted.replaceAll('#render', render));
  vi.stubEnv('NODE_OPTIONS', `--import ${pathToFileURL(plant).href}`);
  const { code, said } = await say('preview', 'daily', ...day);
  expect([code, said]).toEqual([1, expect.stringContaining('Look at "REFUSED Daily sales 2021-12-21.pdf"')]);
  const kept = join(project.root, 'var/preview/daily/2021-12-21/REFUSED Daily sales 2021-12-21.pdf');
  expect(readFileSync(kept, 'latin1')).toMatch(/^%PDF-/);
  expect((await say('run', 'daily', ...day)).code).not.toBe(0);
  expect(readdirSync(project.root)).not.toContain('out');
  vi.unstubAllEnvs();
  expect((await say('run', 'daily', ...day)).said).toBe('daily 2021-12-21: 3 sent, 3 new\n');
});
