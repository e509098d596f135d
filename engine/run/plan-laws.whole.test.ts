import { expect, test } from 'vitest';
import { holdPlansToBruteForce } from './test-laws.ts';

test('a plan names what brute force would build again, and a run builds what changed: 200 stories', () => {
  expect(holdPlansToBruteForce(200, 1)).toBeGreaterThan(20000);
});
