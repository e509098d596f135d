import { expect, test } from 'vitest';
import { parsePostmaster } from './postmaster.ts';

const file = (state: string) => `4711\n/srv/data\n1700000000\n54321\n\n127.0.0.1\n   0  1\n${state}\n`;

test.each([
  ['starting', 'starting'],
  ['ready   ', 'ready'],
  ['stopping', 'stopping'],
])('reads pid, port and state %s', (word, state) => {
  expect(parsePostmaster(file(word))).toEqual({ pid: 4711, port: 54321, state });
});

test('a file that is still being written is starting once it has a port, and nothing before', () => {
  expect(parsePostmaster(file('ready').split('\n').slice(0, 6).join('\n'))).toMatchObject({ state: 'starting' });
  expect(parsePostmaster('4711\n/srv/data\n')).toBeUndefined();
  expect(parsePostmaster('')).toBeUndefined();
});
