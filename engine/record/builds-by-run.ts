import type { Range } from '../time/range.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { recordSchema } from './schema.ts';

/** A build as the history of a model tells it: who made it, and how many rows it left. */
export interface RunBuild {
  readonly model: string;
  readonly sequence: number;
  readonly version: string;
  /** Undefined for views and full tables. */
  readonly range?: Range;
  readonly run: string;
  readonly rows: number;
}

interface Row {
  readonly model: string;
  readonly sequence: string;
  readonly version: string;
  readonly from_ms: string | null;
  readonly until_ms: string | null;
  readonly run_id: string;
  readonly row_count: string;
}

/** All builds of these models that are still in a record, oldest first. */
export async function readRunBuilds(session: Session, record: string, models: readonly string[]): Promise<RunBuild[]> {
  if (models.length === 0) return [];
  const millis = (column: string) => sql`cast(extract(epoch from ${sql.ident(column)}) * 1000 as bigint)`;
  const names = sql.join(
    models.map((model) => sql`${model}`),
    ',',
  );
  const rows = await session.query<Row>(
    sql`select model, sequence, version, ${millis('from_at')} as from_ms, ${millis('until_at')} as until_ms, run_id, row_count
        from ${sql.ident(recordSchema(record), 'builds')} where model in (${names}) order by model, sequence`,
  );
  return rows.map(({ model, sequence, version, from_ms: from, until_ms: until, run_id: run, row_count: count }) => ({
    model,
    sequence: Number(sequence),
    version,
    ...(from === null || until === null ? {} : { range: { from: Number(from), until: Number(until) } }),
    run,
    rows: Number(count),
  }));
}
