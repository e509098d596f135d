import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestProject, testProject } from './test-project.ts';

let project: TestProject;
beforeEach(() => {
  // Neither database is there: virtual time asks none.
  const env = {
    WAREHOUSE_URL: 'postgres://127.0.0.1:1/x',
    STATE_URL: 'postgres://127.0.0.1:1/x',
    SMTP_URL: 'smtp://x',
  };
  const deliver = '  - { id: mail, channel: email, to: { list: all }, attach: [csv] }\ndeadline: "11:00"\n';
  project = testProject(env, { people: 4, deliver });
});
afterEach(() => project[Symbol.dispose]());

test('a year of virtual time has each day once, with its totals', async () => {
  const ran = await project.run('delivery', 'simulate', '--from', '2026-01-01', '--until', '2027-01-01', '--json');
  const { slots, opened, messages } = JSON.parse(ran.out);
  expect([ran.code, opened, messages, slots.length]).toEqual([0, 365, 4 * 365, 365]);
  expect(slots[0]).toMatchObject({
    report: 'daily',
    slot: '2025-12-31',
    local: '2026-01-01 08:00',
    at: '2026-01-01T02:30:00.000Z',
    deadline: '2026-01-01T05:30:00.000Z',
    outcome: 'open',
  });
  expect((await project.run('delivery', 'simulate', '--from', '2026-01-01')).code).toBe(2);
  expect((await project.run('delivery', 'simulate', '--from', '2026-01-02', '--until', '2026-01-01')).code).toBe(2);
});
