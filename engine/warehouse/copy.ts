import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import { Fault } from '../fault.ts';
import { cancellable, openClient } from './client.ts';
import { quoteName, quoteRelation } from './dialect.ts';
import type { Server } from './server.ts';
import { faultOf, sqlErrorOf } from './sql-error.ts';

/** `Database.copyIn` by COPY, on a connection of its own, where the one statement is the transaction. */
export async function copyIn(
  server: Server,
  table: { readonly schema: string; readonly name: string },
  columns: readonly string[],
  csv: Readable,
  signal?: AbortSignal,
): Promise<{ readonly rowCount: number }> {
  await using client = await openClient(server);
  return await cancellable(server, client.pid, signal, async () => {
    const copy = client.connection.query(
      from(`copy ${quoteRelation(table)} (${columns.map(quoteName).join(', ')}) from stdin with (format csv)`),
    );
    try {
      await pipeline(csv, copy, signal ? { signal } : {});
    } catch (error) {
      // What the reading of the CSV threw is its owner's, not the database's.
      throw csv.errored === error ? error : placed(faultOf(error), table);
    }
    return { rowCount: copy.rowCount };
  });
}

/** Puts line and column of the bad row, which the server tells in prose, where the port promises them. */
function placed(error: unknown, table: { readonly schema: string; readonly name: string }): unknown {
  const sqlError = sqlErrorOf(error);
  const found = /^COPY .*?, line (\d+)(?:, column ([^:]+))?/.exec(sqlError?.context ?? '');
  if (!sqlError || !found) return error;
  const column = found[2] === undefined ? '' : `column ${found[2]}: `;
  return new Fault('failed', `${column}${sqlError.message} [${sqlError.sqlState}]`, {
    place: { file: `${table.schema}.${table.name}`, line: Number(found[1]) },
    cause: sqlError,
  });
}
