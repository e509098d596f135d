import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A statement that others wrote, with the tables that PostgreSQL's own parser finds in it. */
export interface Collected {
  readonly id: string;
  readonly sql: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** The parser's reading is wrong for Redshift: it takes a path into a SUPER column for a table. */
  readonly navigates: boolean;
}

const collection = new URL('../../../shared/sql/', import.meta.url);

export interface Row {
  readonly id: string;
  readonly sql: string;
  /** What sqllineage's own tests expect: tables, and pairs of a column and what is made from it, each `[column, table]`. */
  readonly sources?: readonly string[];
  readonly columns?: readonly (readonly [readonly [string, string | null], readonly [string, string]])[];
  readonly pg_sources?: readonly string[];
  readonly pg_targets?: readonly string[];
  readonly pg_caution?: string;
}

/** The collection of SQL beside the repository, where it is there; else undefined. */
export function readCollection(): Collected[] | undefined {
  return readRows()?.flatMap(({ id, sql, pg_sources: reads, pg_targets: writes, pg_caution }) =>
    reads && writes ? [{ id, sql, reads, writes, navigates: pg_caution === 'super' }] : [],
  );
}

/** All of it, with what PostgreSQL's parser cannot read. */
export function readRows(): Row[] | undefined {
  if (!existsSync(collection)) return undefined;
  return ['aws-redshift-benchmarks-tpcds', 'sqlfluff-redshift', 'sqllineage'].flatMap((name) =>
    gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, collection)))
      .toString()
      .trim()
      .split('\n')
      .map((line): Row => JSON.parse(line)),
  );
}

/** Statements with every kind of clause, for tests that damage them. */
export const statements: readonly string[] = [
  `with recursive a (x) as materialized (select 1 union all select x + 1 from a), b as (table s.t) select a.x, b.* from a, b;`,
  `select extract(year from d), case when x is distinct from 'it''s' then $$ y $$ end from only s.t as q (d, x) left join (u cross join v) using (id), lateral f(q.x) with ordinality, rows from (g(1)) r where exists (select 1 from "W"."X") /* a /* b */ c */ group by 1, 2 -- end`,
  `merge into s.t using (select * from u) s on t.i = s.i when matched then update set a = 1, b = E'\\'' when not matched then insert (a) values (s.a[1])`,
  `create table s.t distkey(a) as (select o.k, c.o[0].k from c, c.o o at i, unpivot o as v at k minus select top 3 * exclude (a) from #tmp pivot (sum(x) for y in (1, 2)))`,
  `insert into s.t (a, b) with x as (delete from y using z returning *) select * from x union select $1::int, U&"q" from w on conflict (a) do update set a = 1, b = 2; truncate v`,
];
