import type { Dialect, TableLayout } from '../dialect-port.ts';
import type { ColumnKind, RelationColumn, RelationName } from '../relation.ts';
import { type Statement, sql } from '../statement.ts';

const ident = ({ schema, name }: RelationName): Statement => sql.ident(schema, name);
const raw = (text: string): Statement => sql.__dangerous__rawValue(text);
const concatenated = (parts: readonly Statement[]): Statement => sql.join([...parts], sql` || ',' || `);

/** The longest text that Redshift holds in a column, in bytes. */
const longest = 'varchar(65535)';

/** Those of the manual's page "Reserved words" that PostgreSQL does not reserve. */
const reserved: ReadonlySet<string> = new Set(
  `aes128 aes256 allowoverwrite az64 backup blanksasnull bytedict bzip2 credentials current_user_id deflate defrag delta
   delta32k disable emptyasnull enable encode encrypt encryption explicit globaldict256 globaldict64k gzip identity ignore
   lun luns lzo lzop minus mostly16 mostly32 mostly8 new offline oid old open parallel partition percent permissions pivot
   raw readratio recover rejectlog resort respect restore snapshot sysdate system tag tdes text255 text32k top
   truncatecolumns unpivot wallet without`.split(/\s+/),
);

/** The table whose lock lets one transaction at a time define relations: Redshift has no advisory locks. */
export const definitionsTable = 'definitions';

/** Amazon Redshift. What no manual page states is marked "to verify" in docs/redshift-warehouse.md. */
export const redshiftDialect: Dialect = {
  name: 'redshift',
  reserved,
  comments: true,
  indexes: false,
  bindsViews: false,
  alters: false,
  catalogueInWrites: false,
  now: sql`sysdate`,
  longText: longest,
  lockTable: (table) => sql`lock table ${ident(table)}`,
  lockDefinition: (_, schema) => sql`lock table ${sql.ident(schema, definitionsTable)}`,
  definitionsTable,
  text: textOf,
  // There is no other order (manual page "Collation sequences").
  byBytes: (text) => text,
  rowHash,
  rowTextHash: rowHash,
  windowNumber(time, edges) {
    return sql`case when ${time} is null then null else ${numberAmong(time, edges, 0)} end`;
  },
  makeReader: () => undefined,
  isUnreadable: (text, type) =>
    sql`(${text} is not null and (${text} = '' or try_cast(${text} as ${raw(type)}) is null))`,
  whyUnreadable: (text, type) => sql`(${`no ${type}: `} || substring(${text}, 1, 100))`,
  rowOfTexts: (columns) => concatenated(columns.map((name) => sql`coalesce(${sql.ident(name)}, '')`)),
  createTable(table, columns, layout) {
    const list = columns.map(({ name, type, notNull }) => {
      const encode = layout?.encode?.[name];
      const packed = encode === undefined ? sql`` : sql` encode ${raw(encode)}`;
      return sql`${sql.ident(name)} ${raw(type)}${packed}${notNull ? sql` not null` : sql``}`;
    });
    return sql`create table ${ident(table)} (${sql.join(list, ', ')})${layoutOf(layout)}`;
  },
  // Bound to nothing, so that a table is swapped under it.
  createView: (view, query) => sql`create view ${ident(view)} as\n${query}\nwith no schema binding`,
  grantsOn: ({ schema, name }) =>
    sql`select identity_name as grantee, identity_type as kind, privilege_type as privilege, admin_option as grantable
        from svv_relation_privileges where namespace_name = ${schema} and relation_name = ${name}`,
  analyze: (table) => sql`analyze ${ident(table)} predicate columns`,
  // Sessions carry their run's name as the label of their queries; one without a running query holds nothing for long.
  sessionsCalled: (tags) =>
    sql`select distinct session_id as pid from sys_query_history
        where query_label in (${sql.join(
          tags.map((tag) => sql`${tag}`),
          ', ',
        )}) and status in ('planning', 'queued', 'running', 'returning')`,
  endSession: (pid) => sql`select pg_terminate_backend(${raw(String(Math.trunc(pid)))})`,
};

/** A boolean cannot be cast to text there. */
function textOf(value: Statement, kind: ColumnKind): Statement {
  if (kind === 'boolean') return sql`case when ${value} then 'true' when not ${value} then 'false' end`;
  return sql`${value}::${raw(longest)}`;
}

/** Each value is hashed by itself first: all texts of a row together may be longer than a text can be. */
function rowHash(columns: readonly Pick<RelationColumn, 'name' | 'kind'>[]): Statement {
  const hashes = columns.map(
    ({ name, kind }) => sql`coalesce(farmfingerprint64(${textOf(sql.ident(name), kind)})::varchar(20), '-')`,
  );
  return sql`farmfingerprint64(${concatenated(hashes)})`;
}

/** A tree of comparisons, as deep as the logarithm of the edges: Redshift has no WIDTH_BUCKET. */
function numberAmong(time: Statement, edges: readonly Statement[], before: number): Statement {
  if (edges.length === 0) return raw(String(before));
  const middle = Math.floor(edges.length / 2);
  const edge = edges[middle] ?? sql`null`;
  const lower = numberAmong(time, edges.slice(0, middle), before);
  const upper = numberAmong(time, edges.slice(middle + 1), before + middle + 1);
  return sql`case when ${time} < ${edge} then ${lower} else ${upper} end`;
}

function layoutOf(layout: TableLayout | undefined): Statement {
  const { dist, sort = [], interleaved } = layout ?? {};
  const styled = dist === 'even' || dist === 'all' || dist === 'auto';
  const spread =
    dist === undefined
      ? sql``
      : styled
        ? sql` diststyle ${raw(dist)}`
        : sql` diststyle key distkey (${sql.ident(dist)})`;
  if (sort.length === 0) return spread;
  const names = sql.join(
    sort.map((name) => sql.ident(name)),
    ', ',
  );
  return sql`${spread} ${raw(interleaved ? 'interleaved' : 'compound')} sortkey (${names})`;
}
