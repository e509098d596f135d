import { expect, test } from 'vitest';
import { holdPlansToBruteForce } from './test-laws.ts';

/** `npm run test:laws` tells other stories, more of them, each time. */
const many = Number(process.env['TIFFIN_LAWS'] ?? 0);

test('a plan names what brute force would build again, and a run builds what changed: 200 stories', () => {
  expect(holdPlansToBruteForce(200, 1)).toBeGreaterThan(20000);
});

test.runIf(many > 0)('the same, of stories that nobody told before', { timeout: 7_200_000 }, () => {
  for (let told = 0; told < many; told += 100) expect(holdPlansToBruteForce(100, Date.now())).toBeGreaterThan(0);
});
