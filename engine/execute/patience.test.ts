import { expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import { silentLog } from '../log/log.ts';
import { comesRight, fullJitter, openPatience } from './patience.ts';

const sqlError = (sqlState: string, constraint?: string) =>
  new Fault('failed', 'x', { cause: { kind: 'sql', sqlState, message: 'x', ...(constraint && { constraint }) } });

test('waits grow twofold up to the cap, and are anywhere below', () => {
  const rule = { attempts: 9, base: 100, cap: 1_000 };
  expect([1, 2, 3, 4, 5, 6].map((attempt) => fullJitter(rule, attempt, 0.999_999))).toEqual([
    99, 199, 399, 799, 999, 999,
  ]);
  expect(fullJitter(rule, 5, 0)).toBe(0);
});

test.each([
  ['a lost line', new Fault('unreachable', 'x'), true],
  ['serialization', sqlError('40001'), true],
  ['deadlock', sqlError('40P01'), true],
  ['two that create one schema', sqlError('23505', 'pg_namespace_nspname_index'), true],
  ['a unique index of a person', sqlError('23505', 'sales_key'), false],
  ['wrong SQL', sqlError('42703'), false],
  ['statement_timeout', sqlError('57014'), false],
  ['newer work of another run', new Fault('lost', 'x'), false],
  ['a bug', new TypeError('x'), false],
])('%s comes right: %s', (_, error, right) => {
  expect(comesRight(error)).toBe(right);
});

test('patience ends with the error itself; an aborted signal ends a wait', async () => {
  const lost = new Fault('unreachable', 'x');
  const short = openPatience({ attempts: 3, base: 1, cap: 1 }, new AbortController().signal, silentLog);
  await short.retry(lost);
  await short.retry(lost);
  await expect(short.retry(lost)).rejects.toBe(lost);

  const abort = new AbortController();
  const long = openPatience({ attempts: 3, base: 1e9, cap: 1e9 }, abort.signal, silentLog).retry(lost);
  abort.abort(new Error('stop'));
  await expect(long).rejects.toThrow('stop');
});
