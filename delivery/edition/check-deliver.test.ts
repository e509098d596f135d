import { expect, test } from 'vitest';
import { parseYaml } from '#engine';
import { reportSchema } from '../report/schema.ts';
import { checkDeliver } from './check-deliver.ts';

const text = `title: Daily
document: [page_break]
deliver:
  - { id: a, channel: [emial, sms], to: { list: manager }, attach: [pdf] }
  - id: b
    channel: email
    to: { query: people.sql }
    attach: [pdf]
owners:
  - email:reports@example.com
  - emial:reports@example.com
  - somebody
`;

test('channels and lists that are not there are named at their lines with the nearest that is; owners too', () => {
  const read = parseYaml(text, reportSchema, 'report.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const report = {
    ...read.value,
    path: 'report.yml',
    placeOf: read.placeOf,
    name: 'daily',
    folder: '/',
    texts: {},
    rules: {},
    layouts: { folder: '', texts: {} },
    sharedWords: {},
  };
  const found = checkDeliver(report, { channels: ['email'], lists: ['managers'] });
  expect(found.map(({ line, severity, message, hint }) => `${line} ${severity} ${message} ${hint}`)).toEqual([
    '4 error deliver "a": there is no channel "emial" Did you mean "email"?',
    '4 error deliver "a": there is no channel "sms" Known: email.',
    '4 error deliver "a": there is no list "manager" Did you mean "managers"?',
    '11 warning an owner cannot be told: there is no channel "emial" Did you mean "email"?',
    '12 warning the owner "somebody" has no address Write channel:address, such as email:reports@example.com.',
  ]);
});
