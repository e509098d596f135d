import { expect, test } from 'vitest';
import type { Lanes } from '../edition/lane.ts';
import type { SlotContent, WrittenMessage } from './content.ts';
import { limitContent, mayTestTo } from './limits.ts';

const lanes: Lanes = new Map([
  ['chat', { name: 'chat', address: 'phone', split: 'by-file' }],
  ['email', { name: 'email', address: 'email', split: 'whole' }],
]);
const message = (edition: string, id: string): WrittenMessage => ({
  edition,
  entry: 'all',
  recipient: { id, name: id.toUpperCase() },
  rungs: [{ lane: 'chat', address: '+919800000001', split: 'by-file' }],
  attach: ['pdf'],
  subject: 'Sales',
  text: 'Hello',
  html: '',
  caption: 'Sales',
});
const content: SlotContent = {
  version: 1,
  run: 'r',
  madeAt: '2021-12-22T03:00:00.000Z',
  datasets: [],
  editions: [{ key: 's1' }, { key: 's2' }],
  messages: [message('s1', 'asha'), message('s1', 'ravi'), message('s2', 'asha')],
  leftOut: [{ edition: 's2', entry: 'all', recipient: 'meera', reason: 'no address for chat' }],
};
const who = ({ messages }: SlotContent) => messages.map(({ edition, recipient }) => `${edition} ${recipient.id}`);

test('a limit keeps an edition, a recipient, or both', () => {
  expect(who(limitContent(content, {}, lanes))).toHaveLength(3);
  expect(who(limitContent(content, { edition: 's1' }, lanes))).toEqual(['s1 asha', 's1 ravi']);
  expect(limitContent(content, { edition: 's1' }, lanes)).toMatchObject({ editions: [{ key: 's1' }], leftOut: [] });
  expect(who(limitContent(content, { recipient: 'asha' }, lanes))).toEqual(['s1 asha', 's2 asha']);
  expect(limitContent(content, { recipient: 'meera' }, lanes)).toMatchObject({ messages: [], leftOut: [{}] });
  expect(() => limitContent(content, { recipient: 'nobody' }, lanes)).toThrow(/not among/);
  expect(() => limitContent(content, { edition: 's3' }, lanes)).toThrow(/no edition "s3"/);
});

test('a test goes to one address only, marked, and says who would have got it', () => {
  const { messages } = limitContent(content, { testTo: 'me@example.com' }, lanes);
  expect(messages.map(({ rungs }) => rungs)).toEqual(
    Array(3).fill([{ lane: 'email', address: 'me@example.com', split: 'whole' }]),
  );
  expect(messages[1]).toMatchObject({ subject: 'TEST: Sales', caption: 'TEST: Sales', recipient: { id: 'ravi' } });
  expect(messages[1]?.text).toBe('TEST. It would have gone to ravi by chat.\n\nHello');
  expect(() => limitContent(content, { testTo: 'me@example.com' }, new Map())).toThrow(/goes by mail/);
});

test('tests leave only to the domains that are allowed, however an address is dressed up', () => {
  const allowed = ['example.com'];
  expect(mayTestTo('me@Example.com', allowed)).toBe(true);
  for (const address of [
    'me@other.org',
    'me@sub.example.com',
    'me@notexample.com',
    'me@example.com@other.org',
    'a@other.org, me@example.com',
    '<a@other.org>me@example.com',
    'me@example.com\r\nBcc: a@other.org',
    'example.com',
  ]) {
    expect([address, mayTestTo(address, allowed)]).toEqual([address, false]);
  }
  expect(mayTestTo('me@example.com', [])).toBe(false);
});
