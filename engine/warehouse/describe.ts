import type pg from 'pg';
import type { ResultColumn } from './database.ts';
import { faultOf } from './sql-error.ts';
import { kindOf } from './values.ts';

/** The columns a statement would return, as `Database.describe` gives them. */
export async function describe(connection: pg.Client, text: string): Promise<readonly ResultColumn[]> {
  const columns = await describeTypes(connection, text);
  return columns.map(({ name, type }) => ({ name, kind: kindOf(type) }));
}

/** A column of a result and its type's number. */
export interface TypedColumn {
  readonly name: string;
  readonly type: number;
}

/**
 * Asks the server for the columns of a statement: it is parsed and planned for, never performed (the protocol's Describe).
 * Throws `Fault` failed or unreachable.
 * The driver has no word for this; it performs anything that submits itself.
 */
export function describeTypes(connection: pg.Client, text: string): Promise<readonly TypedColumn[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly TypedColumn[]>();
  let columns: readonly TypedColumn[] = [];
  connection.query({
    submit(wire: pg.Connection) {
      wire.parse({ name: '', text, types: [] }, true);
      wire.describe({ type: 'S', name: '' }, true);
      wire.sync();
    },
    handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }) {
      columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
    },
    handleReadyForQuery: () => resolve(columns),
    handleError: (error: unknown) => reject(faultOf(error, text)),
  });
  return promise;
}
