import { expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import { classify, faultOf, positionIn, sqlErrorOf, sqlStateOf } from './sql-error.ts';

const thrown = (code: string | undefined, message = 'no', more: object = {}) =>
  Object.assign(new Error(message), code === undefined ? {} : { code }, more);

test('an error of SQL keeps the server’s words and gains its place', () => {
  const error = faultOf(
    thrown('42703', 'column "b" does not exist\n\n> 1 | select', { position: '12', hint: 'Perhaps "a".', detail: 'd' }),
    'select 1,\n b',
  );
  expect(error).toMatchObject({ code: 'failed', hint: 'Perhaps "a".' });
  expect(error).toMatchObject({ message: 'column "b" does not exist (line 2, column 2) [42703]' });
  expect(sqlErrorOf(error)).toMatchObject({ sqlState: '42703', detail: 'd', line: 2, column: 2 });
});

test('details may hold values of rows and stay out of the message', () => {
  const error = faultOf(thrown('23505', 'duplicate key', { detail: 'Key (email)=(a@example.com) already exists.' }));
  expect(String(error)).not.toContain('example.com');
});

test('positions count characters, not UTF-16 units', () => {
  expect(positionIn('-- 🍛\nselect x', 13)).toEqual({ line: 2, column: 8 });
  expect(positionIn('x', 1)).toEqual({ line: 1, column: 1 });
});

test.each([
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['57P01', 'unreachable'],
  ['08006', 'unreachable'],
  ['CONNECTION_POOL:QUEUE_TIMEOUT', 'unreachable'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unreachable'],
  ['28P01', 'invalid'],
  ['3D000', 'invalid'],
  ['42601', 'failed'],
])('%s is %s', (code, fault) => {
  expect(faultOf(thrown(code))).toMatchObject({ code: fault });
});

test('a connection that ends has no code, only words', () => {
  expect(faultOf(thrown(undefined, 'Connection terminated unexpectedly'))).toMatchObject({ code: 'unreachable' });
});

test('what is neither connection nor SQL comes back as it is', () => {
  const error = new TypeError('ours');
  expect(faultOf(error)).toBe(error);
});

test.each([
  ['40001', 'transient'],
  ['40P01', 'transient'],
  ['ECONNRESET', 'transient'],
  ['53300', 'transient'],
  ['23505', 'conflict'],
  ['55P03', 'conflict'],
  ['57014', 'permanent'],
  ['42601', 'permanent'],
  ['53100', 'permanent'],
])('%s is %s', (code, kind) => {
  expect(classify(faultOf(thrown(code)))).toBe(kind);
});

test('Redshift’s serializable violation hides behind the catch-all state', () => {
  expect(classify(faultOf(thrown('XX000', '1023')))).toBe('transient');
  expect(classify(faultOf(thrown('XX000', 'Assert', { detail: 'code: 1023' })))).toBe('transient');
  expect(classify(faultOf(thrown('XX000', 'Assert 10234')))).toBe('permanent');
  const concurrent = 'could not complete because of conflict with concurrent transaction';
  expect(classify(faultOf(thrown('XX000', concurrent)))).toBe('transient');
  expect(classify(faultOf(thrown('XX000', 'could not open relation with OID 108263')))).toBe('transient');
  expect(classify(faultOf(thrown('42P01', 'relation "kpi.daily" does not exist')))).toBe('permanent');
});

test('faults of others have a class, too, and no SQLSTATE', () => {
  expect(classify(new Fault('lost', 'newer'))).toBe('conflict');
  expect(classify(new Error('x'))).toBe('permanent');
  expect(sqlStateOf(new Fault('failed', 'audit'))).toBeUndefined();
});
