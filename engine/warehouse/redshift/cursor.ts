import { type Queryable, sql } from '@databases/pg';
import type { Statement } from '../statement.ts';

/** Rows a cursor fetches at a time: as many as a cluster of one node gives at most (manual page "FETCH"). */
const batchSize = 1_000;

const cursor = sql.ident('tiffin_rows');
const fetchNext = sql`fetch forward ${sql.__dangerous__rawValue(String(batchSize))} from ${cursor}`;

/**
 * Streams a statement's rows by a cursor; must be called in a transaction, which goes on after it. The leader node holds
 * the whole result first: large ones come by UNLOAD (manual page "DECLARE").
 */
export async function* cursorOn(on: Queryable, statement: Statement): AsyncGenerator<never, void, void> {
  await on.query([sql`declare ${cursor} cursor for ${statement}`]);
  let broken = true;
  try {
    for (let more = true; more; ) {
      const [rows = []] = await on.query([fetchNext]);
      broken = false;
      yield* rows as never[];
      broken = true;
      more = rows.length === batchSize;
    }
    broken = false;
  } finally {
    if (!broken) await on.query([sql`close ${cursor}`]);
  }
}
