import type pg from 'pg';
import type { ResultColumn } from './database.ts';
import { faultOf } from './sql-error.ts';
import { kindOf } from './values.ts';

/**
 * Asks the server for the columns of a statement: it is parsed and planned for, never performed (the protocol's Describe).
 * Throws `Fault` failed or unreachable.
 * The driver has no word for this; it performs anything that submits itself.
 */
export function describe(connection: pg.Client, text: string): Promise<readonly ResultColumn[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly ResultColumn[]>();
  let columns: readonly ResultColumn[] = [];
  connection.query({
    submit(wire: pg.Connection) {
      wire.parse({ name: '', text, types: [] }, true);
      wire.describe({ type: 'S', name: '' }, true);
      wire.sync();
    },
    handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }) {
      columns = fields.map(({ name, dataTypeID }) => ({ name, kind: kindOf(dataTypeID) }));
    },
    handleReadyForQuery: () => resolve(columns),
    handleError: (error: unknown) => reject(faultOf(error, text)),
  });
  return promise;
}
