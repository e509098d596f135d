import { expect, test } from 'vitest';
import type { Lanes } from '../edition/lane.ts';
import type { MessagePlan } from '../edition/plan-messages.ts';
import type { WrittenMessage } from './content.ts';
import { limitedEditions, mayTestTo, openLimit, redirected } from './limits.ts';

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
const plan: MessagePlan = {
  messages: [message('s1', 'asha'), message('s1', 'ravi'), message('s1', 'meera')],
  leftOut: [{ edition: 's1', entry: 'all', recipient: 'kiran', reason: 'no address for chat' }],
};

test('a limit keeps an edition, a recipient, or both', () => {
  const editions = [{ key: 's1' }, { key: 's2' }];
  expect(limitedEditions(editions, {})).toEqual(editions);
  expect(limitedEditions(editions, { edition: 's2' })).toEqual([{ key: 's2' }]);
  expect(() => limitedEditions(editions, { edition: 's3' })).toThrow(/no edition "s3"/);
  const everybody = openLimit({});
  expect(everybody.keep(plan)).toEqual(plan);
  everybody.end();
  const asha = openLimit({ recipient: 'asha' });
  expect(asha.keep({ messages: [], leftOut: plan.leftOut })).toEqual({ messages: [], leftOut: [] });
  expect(() => asha.end()).toThrow(/not among/);
  expect(asha.keep(plan)).toEqual({ messages: [message('s1', 'asha')], leftOut: [] });
  asha.end();
  const leftOut = openLimit({ recipient: 'kiran' });
  expect(leftOut.keep(plan)).toMatchObject({ messages: [], leftOut: [{}] });
  leftOut.end();
});

test('a test goes to one address only, marked, and says who would have got it', () => {
  const testTo = 'me@example.com';
  const ravi = message('s1', 'ravi');
  expect(redirected(ravi, {}, lanes)).toBe(ravi);
  expect(redirected(ravi, { testTo }, lanes)).toMatchObject({
    rungs: [{ lane: 'email', address: testTo, split: 'whole' }],
    subject: 'TEST: Sales',
    caption: 'TEST: Sales',
    recipient: { id: 'ravi' },
    text: 'TEST. It would have gone to ravi by chat.\n\nHello',
  });
  expect(() => redirected(ravi, { testTo }, new Map())).toThrow(/goes by mail/);
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
