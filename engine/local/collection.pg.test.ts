import pg from 'pg';
import { expect, test } from 'vitest';
import { readRows } from '../sql/test-texts.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { prepareLocal } from './library.ts';
import { toLocal } from './local.ts';

/** No SQL of Redshift either: a comma before FROM, an alias inside an expression. */
const notSql = ['sqlfluff-redshift-0060#15', 'sqlfluff-redshift-0065'];

const queries = (readRows() ?? []).filter(
  ({ id, sql }) => /redshift/.test(id) && !notSql.includes(id) && /^(\s|--.*\n)*(select|with)\b/i.test(sql),
);

test.skipIf(queries.length === 0)(
  'what others wrote for Redshift is refused, or becomes SQL that the server reads',
  async () => {
    await using own = await testDatabase();
    await prepareLocal(own.database);
    // A driver's client of our own: an error does not end its connection.
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    const unread: string[] = [];
    let refused = 0;
    for (const { id, sql: text } of queries) {
      const local = toLocal(text);
      if (local.problems.length > 0) refused++;
      else {
        const said: unknown = await client.query(`explain ${local.text}`).catch((error: unknown) => error);
        if (said instanceof pg.DatabaseError && said.code === '42601')
          unread.push(`${id}: ${said.message}: ${local.text}`);
      }
    }
    await client.end();
    console.log(`local forms: ${queries.length} queries, ${refused} refused`);
    expect(unread).toEqual([]);
  },
);
