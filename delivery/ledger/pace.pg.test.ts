import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, type Session, type Statement, sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { claimOne, type TestLedger, testLedger, testSlot } from './test-ledger.ts';

let state: TestDatabase;
let one: TestLedger;
/** The rows that the heaviest step of any statement touched in one loop, since it was set to 0. */
let heaviest = 0;
beforeAll(async () => {
  state = await testDatabase();
  one = await testLedger(explaining(state.database));
  // Only the test says when the planner looks.
  for (const table of ['parts', 'messages', 'attempts'])
    await state.database.query(sql`alter table ${sql.ident('delivery_test', table)} set (autovacuum_enabled = off)`);
});
afterAll(() => state[Symbol.asyncDispose]());

interface Step {
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Step[];
}

const rowsOf = (step: Step): number =>
  Math.max(
    step['Relation Name'] === 'slots' ? 0 : (step['Actual Rows'] ?? 0) + (step['Rows Removed by Filter'] ?? 0),
    ...(step.Plans ?? []).map(rowsOf),
  );

/** A database that performs each claiming and settling once more before, to see how, and takes that back. */
function explaining(database: Database): Database {
  const on = (session: Session): Session => ({
    ...session,
    async query<R>(statement: Statement) {
      const asked = statement.format({
        escapeIdentifier: (name) => name,
        formatValue: () => ({ placeholder: '?', value: 0 }),
      });
      if (/with (next|given) as/.test(asked.text)) {
        await session.query(sql`savepoint looking`);
        const [row] = await session.query<Record<string, readonly { readonly Plan: Step }[]>>(
          sql`explain (analyze, format json) ${statement}`,
        );
        await session.query(sql`rollback to savepoint looking`);
        heaviest = Math.max(heaviest, rowsOf(row?.['QUERY PLAN']?.[0]?.Plan ?? {}));
      }
      return session.query<R>(statement);
    },
  });
  return {
    ...database,
    query: (statement) => database.transaction((tx) => on(tx).query(statement)),
    transaction: (work, how) => database.transaction((tx) => work(on(tx)), how),
  };
}

const analyze = () =>
  state.database.query(sql`analyze delivery_test.parts, delivery_test.messages, delivery_test.attempts`);
const people = Array.from({ length: 600 }, (_, index) => `p${index}`);

/** Claims and settles as a lane's senders do. */
async function take(slotId?: string): Promise<number> {
  heaviest = 0;
  const claim = await claimOne(one.ledger, 'email', slotId);
  if (claim === undefined) throw new Error('nothing to claim');
  const sent = [{ attempt: claim.attempt, settlement: { kind: 'sent', providerId: claim.part.key } }] as const;
  await one.ledger.sending.claim({ lane: 'email', owner: 'me', seconds: 20, most: 1, slotId, sent });
  return heaviest;
}

test('a turn reads what it takes and no more, however full the queue is and however old the figures of the planner', async () => {
  const first = await one.sealed(testSlot('2021-12-01'), people);
  expect(await take()).toBeLessThan(10);
  await analyze();
  expect(await take()).toBeLessThan(10);
  expect(await take(first)).toBeLessThan(10);
  // Looked at while little waits, and full again.
  await state.database.query(sql`update delivery_test.parts set state = 'cancelled' where state = 'queued'`);
  await analyze();
  await one.sealed(testSlot('2021-12-02'), people);
  const last = await one.sealed(testSlot('2021-12-03'), people);
  expect(await take()).toBeLessThan(10);
  // One slot's parts are found behind those of another.
  expect(await take(last)).toBeLessThan(10);
});
