import { expect, test } from 'vitest';
import type { Deliver, Format } from '../report/schema.ts';
import { whole } from './edition.ts';
import type { Lanes } from './lane.ts';
import { filesOf, planMessages } from './plan-messages.ts';

const lanes: Lanes = new Map([
  ['email', { name: 'email', address: 'email', split: 'whole' }],
  ['whatsapp', { name: 'whatsapp', address: 'phone', split: 'by-file' }],
  ['office', { name: 'office', address: 'id', split: 'by-file' }],
]);
const asha = { id: 'asha', name: 'Asha', email: 'asha@example.com', phone: '+919812345678' };
const ravi = { id: 'ravi', email: 'ravi@example.com' };
const mute = { id: 'mute' };

function entry(more: Partial<Deliver> & { id: string; channel: string[] }): Deliver {
  return { to: { list: 'x' }, attach: ['pdf'], ...more };
}

const tools = { lanes, project: { timezone: 'Asia/Kolkata' } };
const of = (deliver: Deliver[]) => ({ deliver, formats: ['pdf', 'xlsx', 'csv'] as Format[] });

test('one message for each person and entry, with the rungs that can reach the person', () => {
  const entries = [
    entry({ id: 'phones', channel: ['whatsapp', 'email'] }),
    entry({ id: 'folder', channel: ['office'], attach: ['xlsx'], inline: 'png' }),
  ];
  const audience = new Map([
    ['phones', [asha, ravi, mute, asha]],
    ['folder', [mute]],
  ]);
  const plan = planMessages(of(entries), [whole], ({ id }) => audience.get(id) ?? [], tools);
  expect(plan.messages.map((m) => [m.entry, m.recipient.id, m.rungs.map((r) => `${r.lane}:${r.address}`)])).toEqual([
    ['phones', 'asha', ['whatsapp:+919812345678', 'email:asha@example.com']],
    ['phones', 'ravi', ['email:ravi@example.com']],
    ['folder', 'mute', ['office:mute']],
  ]);
  expect(plan.leftOut).toEqual([
    { edition: 'whole', entry: 'phones', recipient: 'mute', reason: 'no address for whatsapp or email' },
  ]);
  expect(filesOf(plan.messages, 'whole')).toEqual({ formats: ['pdf', 'xlsx', 'png'] });
});

test('every edition goes to everybody of the entry', () => {
  const plan = planMessages(
    of([entry({ id: 'a', channel: ['email'] })]),
    [{ key: '42' }, { key: '43' }],
    () => [asha, ravi],
    tools,
  );
  expect(plan.messages.map((m) => `${m.edition} ${m.recipient.id}`)).toEqual([
    '42 asha',
    '42 ravi',
    '43 asha',
    '43 ravi',
  ]);
});

test('a person gets the formats they want, of what the entry attaches or else of what the report has', () => {
  const attached = (wanted: Format[] | undefined, attach: Format[]) => {
    const person = { ...asha, ...(wanted ? { formats: wanted } : {}) };
    const { messages } = planMessages(
      of([entry({ id: 'a', channel: ['email'], attach })]),
      [whole],
      () => [person],
      tools,
    );
    return messages[0]?.attach;
  };
  expect(attached(undefined, ['pdf', 'xlsx'])).toEqual(['pdf', 'xlsx']);
  expect(attached(['xlsx', 'csv'], ['pdf', 'xlsx'])).toEqual(['xlsx']);
  expect(attached(['csv'], ['pdf', 'xlsx'])).toEqual(['csv']);
  expect(attached(['json'], ['pdf'])).toEqual(['pdf']);
  expect(attached(['csv'], [])).toEqual([]);
});

test("quiet hours are the person's, by the person's clock or the project's", () => {
  const quietOf = (more: object) => {
    const audience = () => [{ ...asha, ...more }];
    const plan = planMessages(of([entry({ id: 'a', channel: ['email'] })]), [whole], audience, tools);
    return plan.messages[0]?.rungs[0]?.quiet;
  };
  expect(quietOf({})).toBeUndefined();
  expect(quietOf({ quiet_hours: '21:00-08:00' })).toEqual({ from: '21:00', until: '08:00', timezone: 'Asia/Kolkata' });
  expect(quietOf({ quiet_hours: '21:00-08:00', timezone: 'Asia/Dubai' })?.timezone).toBe('Asia/Dubai');
});

test('files are wanted once in each locale that somebody reads', () => {
  const audience = () => [asha, { ...ravi, locale: 'hi' }, { ...mute, email: 'mute@example.com', locale: 'hi' }];
  const localeFor = (_: object, wanted: string | undefined) => wanted;
  const entries = [entry({ id: 'a', channel: ['email'] }), entry({ id: 'b', channel: ['email'], attach: ['xlsx'] })];
  const { messages } = planMessages(of(entries), [whole], audience, { ...tools, localeFor });
  expect(messages.map(({ locale }) => locale)).toEqual([undefined, 'hi', 'hi', undefined, 'hi', 'hi']);
  const formats = ['pdf', 'xlsx'];
  expect(filesOf(messages, 'whole')).toEqual({ formats, variants: [{ locale: 'hi', formats }] });
});
