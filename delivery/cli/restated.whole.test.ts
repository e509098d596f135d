import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let project: TestProject;
beforeEach(async () => {
  state = await testDatabase();
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: 'smtp://127.0.0.1:1' };
  project = testProject(env, {
    people: 2,
    deliver: '  - { id: drop, channel: office, to: { list: all }, attach: [csv] }\n',
  });
  expect((await project.run('engine', 'run')).code).toBe(0);
});
afterEach(async () => {
  project[Symbol.dispose]();
  await state[Symbol.asyncDispose]();
});

const edit = (path: string, from: string, to: string) => {
  const file = join(project.root, path);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
};
const restated = async (...args: string[]) => {
  const ran = await project.run('delivery', 'restated', ...args, '--json');
  return { code: ran.code, ...JSON.parse(ran.out) };
};

test('a backfill of a sent day names report, edition, recipient, old and new figure; the same rows name nobody', async () => {
  const send = (...more: string[]) => project.run('delivery', 'run', 'daily', '--date', '2021-12-21', ...more);
  expect((await send()).code).toBe(0);
  edit('models/kpi/store_daily.sql', '(d + s)', '(s + d)');
  expect((await project.run('engine', 'run')).code).toBe(0);
  expect(await restated()).toEqual({ code: 0, restated: [], waiting: [] });

  edit('models/kpi/store_daily.sql', '* 1.10', '* 1.20');
  expect(await restated()).toMatchObject({ code: 3, restated: [], waiting: [{ report: 'daily', slot: '2021-12-21' }] });
  expect((await project.run('engine', 'run')).code).toBe(0);
  const changed = {
    report: 'daily',
    slot: '2021-12-21',
    edition: 'whole',
    recipients: ['p1', 'p2'],
    figures: [{ name: 'sales', old: '72.60', new: '79.20' }],
    not_comparable: null,
  };
  expect(await restated()).toMatchObject({ code: 0, restated: [changed] });
  expect((await restated('--since', '2999-01-01')).restated).toEqual([]);

  // Who has the new figures is not named any more.
  expect((await send('--resend', '--recipient', 'p1')).code).toBe(0);
  expect((await restated()).restated).toMatchObject([{ ...changed, recipients: ['p2'] }]);

  edit('reports/daily/stores.sql', 'order by store', 'order by store desc');
  edit('models/kpi/store_daily.sql', '* 1.20', '* 1.30');
  expect((await project.run('engine', 'run')).code).toBe(0);
  const after = (await restated()).restated;
  expect(after.map((one: { not_comparable: string }) => one.not_comparable)).toEqual(
    Array(2).fill('its queries have changed since'),
  );
});
