import { expect, test } from 'vitest';
import { isDead } from './live-runs.ts';

const run = (silent: boolean, process: string) => ({ id: 'r', process, silent });

test.each([
  ['silent for long', run(true, 'other pid:[1]#7'), true],
  ['on another machine, heard of', run(false, 'other pid:[1]#7'), false],
  ['here, its process gone', run(false, 'here pid:[1]#7'), true],
  ['here, its process there', run(false, 'here pid:[1]#8'), false],
  ['a host of the same name, other processes', run(false, 'here pid:[2]#7'), false],
  ['before processes were written down', run(false, ''), false],
])('%s: dead %s', (_, given, dead) => {
  expect(isDead(given, 'here pid:[1]#0', (pid) => pid === 8)).toBe(dead);
});
