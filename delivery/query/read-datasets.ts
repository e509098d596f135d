import { type Database, Fault, type ResultColumn, type Session, type Statement, sql, sqlErrorOf } from '#engine';
import { cellOf, columnTypes } from './cells.ts';
import type { Cell, Dataset, Datasets } from './dataset.ts';

/** A dataset still to be read: its name and its finished SQL. */
export interface DatasetQuery {
  readonly name: string;
  /** Line for line what stands in `file`, where it comes from one. */
  readonly sql: string;
  readonly file?: string;
}

/** How much a report may ask of the warehouse. */
export interface QueryLimits {
  /** Rows of one dataset. */
  readonly rows: number;
  /** Milliseconds for all datasets of a slot together. */
  readonly time: number;
}

export const defaultLimits: QueryLimits = { rows: 200_000, time: 15 * 60_000 };

/**
 * Reads all datasets of a slot at one moment: one read-only transaction that sees one snapshot. Throws `Fault` failed
 * when a query is wrong or a limit is passed, naming the dataset and the line of its file; the running statement is cancelled on the server.
 */
export async function readDatasets(
  warehouse: Database,
  queries: readonly DatasetQuery[],
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<Datasets> {
  const clock = AbortSignal.timeout(limits.time);
  const stop = AbortSignal.any([signal, clock]);
  let reading: DatasetQuery = { name: '', sql: '' };
  const work = async (snapshot: Session) => {
    const datasets = new Map<string, Dataset>();
    for (const query of queries) {
      reading = query;
      const statement = sql.__dangerous__rawValue(query.sql);
      const columns = await describeOnce(warehouse, statement, query.name);
      const rows = await readRows(snapshot, statement, columns, limits.rows, query.name);
      const own = columns.map(({ name, kind }) => ({ name, type: columnTypes[kind] }));
      datasets.set(query.name, { name: query.name, columns: own, rows });
    }
    return datasets;
  };
  try {
    return await warehouse.transaction(work, { isolation: 'snapshot', readOnly: true, signal: stop });
  } catch (error) {
    signal.throwIfAborted();
    if (clock.aborted) throw new Fault('failed', `dataset ${reading.name}: not read after ${limits.time / 1000} s`);
    if (error instanceof Fault && error.code === 'failed' && !error.message.startsWith('dataset ')) {
      throw faultIn(reading, error);
    }
    throw error;
  }
}

/** A column on a line with `{{ ... }}` is not the file's: only the line is told. */
function faultIn({ name, file }: DatasetQuery, error: Fault): Fault {
  const { message, sqlState, line, hint } = sqlErrorOf(error) ?? {};
  if (file === undefined || line === undefined)
    return new Fault('failed', `dataset ${name}: ${error.message}`, { cause: error });
  const detail = { place: { file, line }, cause: error, ...(hint === undefined ? {} : { hint }) };
  return new Fault('failed', `dataset ${name}: ${message} [${sqlState}]`, detail);
}

async function describeOnce(warehouse: Database, statement: Statement, name: string): Promise<readonly ResultColumn[]> {
  const columns = await warehouse.describe(statement);
  if (columns.length === 0) throw new Fault('failed', `dataset ${name}: its SQL returns no columns`);
  const twice = columns.find((column, index) => columns.findIndex((other) => other.name === column.name) < index);
  if (twice) throw new Fault('failed', `dataset ${name}: two columns are called "${twice.name}"`);
  return columns;
}

async function readRows(
  snapshot: Session,
  statement: Statement,
  columns: readonly ResultColumn[],
  limit: number,
  name: string,
): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for await (const row of snapshot.stream(statement)) {
    if (rows.length === limit) {
      const hint = 'Let the SQL return what the report shows, not the details behind it.';
      throw new Fault('failed', `dataset ${name}: more than ${limit} rows`, { hint });
    }
    rows.push(columns.map((column) => cellOf(row[column.name], column.kind)));
  }
  return rows;
}
