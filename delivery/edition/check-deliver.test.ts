import { expect, test } from 'vitest';
import type { Report } from '../report/schema.ts';
import { checkDeliver } from './check-deliver.ts';

test('channels and lists that are not there are named with the nearest that is', () => {
  const report = {
    path: 'reports/daily/report.yml',
    deliver: [
      { id: 'a', channel: ['emial', 'sms'], to: { list: 'manager' }, attach: [] },
      { id: 'b', channel: ['email'], to: { query: 'people.sql' }, attach: [] },
    ],
  } as unknown as Report;
  expect(
    checkDeliver(report, { channels: ['email'], lists: ['managers'] }).map((p) => `${p.message} ${p.hint}`),
  ).toEqual([
    'deliver "a": there is no channel "emial" Did you mean "email"?',
    'deliver "a": there is no channel "sms" Known: email.',
    'deliver "a": there is no list "manager" Did you mean "managers"?',
  ]);
});
