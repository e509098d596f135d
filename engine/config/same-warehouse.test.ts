import { expect, test } from 'vitest';
import type { Target } from './config.ts';
import { sameWarehouse } from './same-warehouse.ts';

const at = (url: string): Target => ({ type: 'postgres', url });
const embedded = (database: string): Target => ({ type: 'embedded', database });

test.each([
  [at('postgres://a:x@db.example/w'), at('postgres://b@DB.example:5432/w?sslmode=require'), true],
  [at('postgres://a@db.example/w'), at('postgres://a@db.example/v'), false],
  [at('postgres://a@db.example/w'), at('postgres://a@other.example/w'), false],
  [at('postgres://a@db.example:5433/w'), at('postgres://a@db.example/w'), false],
  [embedded('w'), embedded('w'), true],
  [embedded('w'), embedded('v'), false],
  [embedded('w'), at('postgres://a@localhost/w'), false],
])('%o and %o: %s', (a, b, same) => {
  expect(sameWarehouse(a, b)).toBe(same);
});
