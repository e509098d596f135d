import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWorkspace } from '#engine';
import { listExposures } from '../exposures.ts';
import { type TestProject, testProject } from './test-project.ts';

const env = { WAREHOUSE_URL: 'postgres://localhost/x' };
let project: TestProject;
beforeEach(() => {
  project = testProject(env, {
    people: 2,
    deliver: '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\n',
  });
});
afterEach(() => project[Symbol.dispose]());

const list = () => listExposures(readWorkspace(project.root, env));
const write = (path: string, text: string) => writeFileSync(join(project.root, path), text);
const said = async () => (await list()).problems.map(({ file, code, message }) => `${file} ${code} ${message}`);

test('a report is listed with the tables it reads', async () => {
  expect(await list()).toEqual({
    exposures: [
      {
        name: 'daily',
        path: 'reports/daily/report.yml',
        reads: ['kpi.store_daily'],
        owners: [],
        queries: [
          { name: 'stores', file: 'reports/daily/stores.sql', sql: expect.stringMatching(/^select store, amount/) },
        ],
        columns: expect.arrayContaining([
          { query: 'stores', column: 'amount', place: expect.objectContaining({ file: 'reports/daily/report.yml' }) },
        ]),
      },
    ],
    problems: [],
  });
});

test('mistakes of queries, people and settings are named with their files', async () => {
  write('reports/daily/stores.sql', 'select 1 where {{ perod.from }}');
  expect(await said()).toEqual([expect.stringMatching(/^reports\/daily\/stores.sql delivery undefined variable/)]);
  write('reports/recipients.yml', 'recipients: {}\nlists: { all: [nobody] }\n');
  expect(await said()).toContainEqual(expect.stringMatching(/^reports\/recipients.yml unknown-recipient/));
  write('reports/recipients.yml', 'lists: { al: [] }\n');
  expect(await said()).toContainEqual(expect.stringMatching(/report.yml unknown-list deliver "mail"/));
  rmSync(join(project.root, 'reports'), { recursive: true });
  expect(await list()).toEqual({ exposures: [], problems: [] });
});

test('a misspelt table of the project is named at its line; tables of others are theirs', async () => {
  write('reports/daily/stores.sql', 'select 1\nfrom kpi.store_dayly\njoin elsewhere.rates on true');
  const { problems } = await list();
  expect(problems).toMatchObject([
    {
      file: 'reports/daily/stores.sql',
      line: 2,
      column: 6,
      code: 'unknown-table',
      hint: expect.stringContaining('kpi.store_daily'),
    },
  ]);
});
