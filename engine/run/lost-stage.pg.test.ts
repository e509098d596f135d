import { expect, test } from 'vitest';
import { type Database, sql } from '../warehouse/database.ts';
import { openPostgres } from '../warehouse/postgres.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { attackedProject, bringUp, watched } from './test-attack.ts';
import { outcomes, testProject } from './test-project.ts';

/** Empties the stages as a crash of the server does; not one that a transaction holds, which would not outlive the crash. */
async function loseStages(database: Database): Promise<number> {
  const stages = await database.query<{ name: string }>(
    sql`select relname as name from pg_class where relpersistence = 'u' and relkind = 'r' and relname like 'stage_%'`,
  );
  const lost = stages.map(({ name }) =>
    database.transaction(async (tx) => {
      await tx.query(sql`set local lock_timeout = 20`);
      await tx.query(sql`truncate ${sql.ident('tiffin_test', name)}`);
    }),
  );
  return (await Promise.allSettled(lost)).filter(({ status }) => status === 'fulfilled').length;
}

/** Prime to the handful of statements of a step, so that each kind is met. */
const stride = 7;

// Redshift has no tables that a crash empties.
const onPostgres = test.skipIf(process.env['TIFFIN_TEST_WAREHOUSE'] === 'redshift');

onPostgres(
  'what was computed aside is lost at any statement: it is computed again, and nothing is published but the truth',
  async () => {
    await using store = await testDatabase();
    await using others = await openPostgres(store.url);
    using project = testProject(store.database, attackedProject(1));
    let statements = 0;
    const counting = watched(store.database, (count) => {
      statements = count;
    });
    await bringUp(project.root, counting, store.database);
    let lost = 0;
    for (let round = 0; round * stride < statements; round += 1) {
      const version = round + 2;
      for (const [path, content] of Object.entries(attackedProject(version))) project.write(path, content);
      const attacked = watched(store.database, async (count) => {
        if (count === round * stride) lost += await loseStages(others);
      });
      const result = await bringUp(project.root, attacked, store.database);
      expect(result.ok, outcomes(result).join(', ')).toBe(true);
      for (const table of ['daily', 'total', 'keyed']) {
        const rows = await store.database.query(sql`select distinct version from ${sql.ident('kpi', table)}`);
        expect(rows, `${table}, statement ${round * stride}`).toEqual([{ version }]);
      }
      const open = await store.database.query(sql`select distinct version from kpi.history where valid_until is null`);
      expect(open, `history, statement ${round * stride}`).toEqual([{ version }]);
    }
    expect(lost).toBeGreaterThan(3);
  },
);
