import { expect, test } from 'vitest';
import { testDatabase } from '../warehouse/test-database.ts';
import { smallProject, testProject } from './test-project.ts';

test.for(['Asia/Kolkata', 'America/Chicago'])('--until alone begins where a model begins, in %s', async (zone) => {
  await using store = await testDatabase();
  const lines = ['day,store,amount', '2021-09-01,A,1', '2021-09-02,A,2'];
  const files = { ...smallProject, 'data/lines-1.csv': `${lines.join('\n')}\n` };
  using house = testProject(store.database, files, zone);
  await house.run({ only: ['raw.lines', 'staging.lines'] });
  const only = ['kpi.daily'];

  await expect(house.run({ asked: { from: '2021-09-01' }, only })).rejects.toThrow('--from needs --until');
  const asked = { until: '2021-09-02' };
  expect(await house.run({ asked, only })).toEqual(['kpi.daily 2021-09-01..2021-09-02 built']);
  expect(await house.run({ asked, only })).toEqual([]);
  const again = ['kpi.daily 2021-09-01..2021-09-02 unchanged'];
  expect(await house.run({ asked, only, rebuild: true })).toEqual(again);
  expect(await house.run({ only })).toEqual(['kpi.daily 2021-09-02..2021-09-03 built']);
});
