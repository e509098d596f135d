import { expect, test } from 'vitest';
import type { Deliver } from '../report/schema.ts';
import { whole } from './edition.ts';
import type { Lanes } from './lane.ts';
import { formatsOf, planMessages } from './plan-messages.ts';

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

test('one message for each person and entry, with the rungs that can reach the person', () => {
  const entries = [
    entry({ id: 'phones', channel: ['whatsapp', 'email'] }),
    entry({ id: 'folder', channel: ['office'], attach: ['xlsx'], inline: 'png' }),
  ];
  const audience = new Map([
    ['phones', [asha, ravi, mute, asha]],
    ['folder', [mute]],
  ]);
  const plan = planMessages(entries, [whole], ({ id }) => audience.get(id) ?? [], lanes);
  expect(plan.messages.map((m) => [m.entry, m.recipient.id, m.rungs.map((r) => `${r.lane}:${r.address}`)])).toEqual([
    ['phones', 'asha', ['whatsapp:+919812345678', 'email:asha@example.com']],
    ['phones', 'ravi', ['email:ravi@example.com']],
    ['folder', 'mute', ['office:mute']],
  ]);
  expect(plan.leftOut).toEqual([
    { edition: 'whole', entry: 'phones', recipient: 'mute', reason: 'no address for whatsapp or email' },
  ]);
  expect(formatsOf(plan.messages, 'whole')).toEqual(['pdf', 'xlsx', 'png']);
});

test('every edition goes to everybody of the entry', () => {
  const plan = planMessages(
    [entry({ id: 'a', channel: ['email'] })],
    [{ key: '42' }, { key: '43' }],
    () => [asha, ravi],
    lanes,
  );
  expect(plan.messages.map((m) => `${m.edition} ${m.recipient.id}`)).toEqual([
    '42 asha',
    '42 ravi',
    '43 asha',
    '43 ravi',
  ]);
});
