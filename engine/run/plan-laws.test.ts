import { expect, test } from 'vitest';
import { holdPlansToBruteForce } from './test-laws.ts';

test('a plan names what brute force would build again, and a run builds what changed: 3 stories', () => {
  expect(holdPlansToBruteForce(3, 1)).toBeGreaterThan(0);
}, 30_000);
