import { ident } from '../execute/stage.ts';
import {
  type DescribedRelation,
  describeReadable,
  type RelationColumn,
  type RelationName,
} from '../warehouse/catalogue.ts';
import { type Database, sql } from '../warehouse/database.ts';

/** One row that differs: as it is here and there, null where it is not. */
export interface RowDifference {
  readonly key: readonly (string | null)[];
  readonly a: Readonly<Record<string, string | null>> | null;
  readonly b: Readonly<Record<string, string | null>> | null;
}

/** How a table of one database differs from that of another. */
export interface TableDifference {
  readonly model: string;
  /** On which side it stands. */
  readonly there: { readonly a: boolean; readonly b: boolean };
  /** Columns that only one side has; values are compared in the others. */
  readonly columns: { readonly a: readonly string[]; readonly b: readonly string[] };
  readonly rows: { readonly a: number; readonly b: number };
  readonly onlyA: number;
  readonly onlyB: number;
  readonly changed: number;
  /** Some of the rows that differ. */
  readonly examples: readonly RowDifference[];
}

/** A table where it stands. */
export interface Side {
  readonly database: Database;
  readonly table: RelationName;
}

const shown = 10;

/**
 * Compares a table of two databases in one pass over both, ordered by its key (of a model without one, by whole rows).
 * Rows are streamed: memory does not grow with the table.
 */
export async function diffTable(model: string, key: readonly string[], a: Side, b: Side): Promise<TableDifference> {
  const [thereA, thereB] = [await describeReadable(a.database, a.table), await describeReadable(b.database, b.table)];
  const [ofA, ofB] = [(thereA?.columns ?? []).map(nameOf), (thereB?.columns ?? []).map(nameOf)];
  const both = ofA.filter((column) => ofB.includes(column));
  const difference = {
    model,
    there: { a: thereA !== undefined, b: thereB !== undefined },
    columns: { a: ofA.filter((column) => !both.includes(column)), b: ofB.filter((column) => !both.includes(column)) },
  };
  const rows = { a: 0, b: 0 };
  let [onlyA, onlyB, changed] = [0, 0, 0];
  const examples: RowDifference[] = [];
  const note = (one: RowDifference) => {
    if (examples.length < shown) examples.push(one);
  };
  if (!thereA || !thereB) return { ...difference, rows, onlyA, onlyB, changed, examples };

  const order = key.length > 0 && key.every((column) => both.includes(column)) ? key : both;
  const streamA = keyedRows(a.database, thereA, order, both)[Symbol.asyncIterator]();
  const streamB = keyedRows(b.database, thereB, order, both)[Symbol.asyncIterator]();
  let [left, right] = [await streamA.next(), await streamB.next()];
  while (!left.done || !right.done) {
    const here = left.done ? undefined : left.value;
    const yonder = right.done ? undefined : right.value;
    const way = !here ? 1 : !yonder ? -1 : compareKeys(here.key, yonder.key);
    if (way === 0 && here && yonder) {
      if (both.some((column) => here.row[column] !== yonder.row[column])) {
        changed += 1;
        note({ key: here.key, a: here.row, b: yonder.row });
      }
    } else if (way < 0 && here) {
      onlyA += 1;
      note({ key: here.key, a: here.row, b: null });
    } else if (yonder) {
      onlyB += 1;
      note({ key: yonder.key, a: null, b: yonder.row });
    }
    if (way <= 0) [rows.a, left] = [rows.a + 1, await streamA.next()];
    if (way >= 0) [rows.b, right] = [rows.b + 1, await streamB.next()];
  }
  return { ...difference, rows, onlyA, onlyB, changed, examples };
}

interface KeyedRow {
  readonly key: readonly (string | null)[];
  readonly row: Readonly<Record<string, string | null>>;
}

const nameOf = ({ name }: RelationColumn): string => name;

/** Rows as text, in the order of the key's bytes, nulls first: the same order on every server. */
async function* keyedRows(
  database: Database,
  relation: DescribedRelation,
  order: readonly string[],
  names: readonly string[],
): AsyncGenerator<KeyedRow, void, void> {
  const list = sql.join(
    relation.columns
      .filter(({ name }) => names.includes(name))
      .map(({ name, kind }) => sql`${database.dialect.text(sql.ident(name), kind)} as ${sql.ident(name)}`),
    ', ',
  );
  const by = sql.join(
    order.map((column) => sql`${database.dialect.byBytes(sql`t.${sql.ident(column)}`)} nulls first`),
    ', ',
  );
  const query = sql`select * from (select ${list} from ${ident(relation)}) as t order by ${by}`;
  for await (const row of database.stream<Record<string, string | null>>(query)) {
    yield { key: order.map((column) => row[column] ?? null), row };
  }
}

/** Orders keys as the servers do: by the bytes of each part, nulls first. */
export function compareKeys(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? null;
    if (left === right) continue;
    if (left === null) return -1;
    if (right === null) return 1;
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return 0;
}
