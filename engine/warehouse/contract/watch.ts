import { vi } from 'vitest';
import { type Database, sql } from '../database.ts';

/** What a promise rejects with. */
export const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing',
    (error) => error,
  );

/** Looks at the server from beside. */
export function watch(open: () => Database) {
  /** How many other sessions perform a statement with this text. */
  const running = async (text: string): Promise<number> => {
    const rows = await open().query<{ n: number }>(
      sql`select count(*)::int as n from pg_stat_activity where state = 'active' and query like ${`%${text}%`} and pid <> pg_backend_pid()`,
    );
    return rows[0]?.n ?? 0;
  };
  return {
    running,
    /** The caller has a statement's error a moment before the server shows its session as idle. */
    ended: (text: string) => vi.waitUntil(async () => (await running(text)) === 0, { timeout: 5_000 }),
    async count(table: string): Promise<unknown> {
      const [row] = await open().query(sql`select count(*)::int as n from ${sql.ident(table)}`);
      return row?.['n'];
    },
  };
}
