import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import type { SessionStore } from '../send/sessions.ts';
import { openLedger } from './ledger.ts';

let state: TestDatabase;
let session: SessionStore;
beforeEach(async () => {
  state = await testDatabase();
  session = (await openLedger(state.database, 'test')).session('whatsapp');
});
afterEach(() => state[Symbol.asyncDispose]());

const runOut = () =>
  state.database.query(sql`update delivery_test.sessions set lease_until = now() - interval '1 second'`);

test('one owner at a time; who has lost the session changes nothing any more', async () => {
  expect([await session.take('a', 15, false), await session.take('b', 15, false)]).toEqual([true, false]);
  expect(await session.write('a', [{ kind: 'creds', id: '', value: 'first' }])).toBe(true);
  expect(await session.write('b', [{ kind: 'creds', id: '', value: 'theirs' }])).toBe(false);
  await runOut();
  expect(await session.write('a', [{ kind: 'creds', id: '', value: 'late' }])).toBe(false);
  expect(await session.take('b', 15, false)).toBe(true);
  expect(await session.take('a', 15, false)).toBe(false);
  expect(await session.read('creds')).toEqual(new Map([['', 'first']]));
});

test('who waits asks for the session, and it is free once its owner leaves it', async () => {
  await session.take('a', 15, false);
  expect([await session.take('b', 15, false), await session.wanted()]).toEqual([false, false]);
  expect([await session.take('b', 15, true), await session.wanted()]).toEqual([false, true]);
  expect([await session.take('a', 15, false), await session.wanted()]).toEqual([true, true]);
  await session.leave('a');
  expect([await session.take('b', 15, true), await session.wanted()]).toEqual([true, false]);
});

test('changes are made together, values are read by kind and id, and forgotten whole', async () => {
  await session.take('a', 15, false);
  const value = (kind: string, id: string) => ({ kind, id, value: `${kind} ${id}` });
  await session.write('a', [value('key:session', '1.0'), value('key:session', '2.0'), value('key:pre-key', '1')]);
  await session.write('a', [{ kind: 'key:session', id: '1.0' }, value('key:session', '3.0')]);
  expect([...(await session.read('key:session')).keys()].sort()).toEqual(['2.0', '3.0']);
  expect(await session.read('key:session', ['3.0', '1.0'])).toEqual(new Map([['3.0', 'key:session 3.0']]));
  await session.forgetOlder('key:pre-key', 3600);
  expect((await session.read('key:pre-key')).size).toBe(1);
  await session.forgetOlder('key:pre-key', 0);
  expect((await session.read('key:pre-key')).size).toBe(0);
  await session.forget();
  expect((await session.read('key:session')).size).toBe(0);
});

test('news is told until it is said to be read', async () => {
  for (const text of ['one', 'two', 'three']) await session.note(text);
  const [, second] = await session.news(undefined);
  expect((await session.news(undefined)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect((await session.news(second?.number)).map(({ text }) => text)).toEqual(['three']);
});
