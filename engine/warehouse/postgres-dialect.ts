import { quoteRelation } from './dialect.ts';
import type { Dialect } from './dialect-port.ts';
import type { RelationName } from './relation.ts';
import { rowHash, rowTextHash } from './row-hash.ts';
import { type Statement, sql } from './statement.ts';

const ident = ({ schema, name }: RelationName): Statement => sql.ident(schema, name);
const raw = (text: string): Statement => sql.__dangerous__rawValue(text);

/** PostgreSQL, 15 or later. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  reserved: new Set(),
  comments: false,
  indexes: true,
  bindsViews: true,
  alters: true,
  catalogueInWrites: true,
  now: sql`now()`,
  longText: 'text',
  // Readers go on; writers wait.
  lockTable: (table) => sql`lock table ${ident(table)} in share row exclusive mode`,
  lockDefinition: ({ schema, name }) => sql`select pg_advisory_xact_lock(hashtext(${`${schema}.${name}`}))`,
  definitionsTable: undefined,
  text: (value) => sql`${value}::text`,
  byBytes: (text) => sql`${text} collate "C"`,
  rowHash,
  rowTextHash: (columns) => rowTextHash(columns.map(({ name }) => name)),
  windowNumber: (time, edges) => sql`width_bucket(${time}, array[${sql.join([...edges], ', ')}])`,
  isUnreadable: (text, type) => sql`pg_input_is_valid(${text}, ${type}) is false`,
  whyUnreadable: (text, type) => sql`(pg_input_error_info(${text}, ${type})).message`,
  rowOfTexts: (columns) =>
    sql`json_build_object(${sql.join(
      columns.map((name) => sql`${name}::text, ${sql.ident(name)}`),
      ', ',
    )})::text`,
  createTable(table, columns) {
    const list = columns.map(
      ({ name, type, notNull }) => sql`${sql.ident(name)} ${raw(type)}${notNull ? sql` not null` : sql``}`,
    );
    return sql`create table ${ident(table)} (${sql.join(list, ', ')})`;
  },
  createView: (view, query) => sql`create view ${ident(view)} as\n${query}`,
  grantsOn: (relation) =>
    sql`select coalesce(r.rolname, '') as grantee, case when a.grantee = 0 then 'public' else 'user' end as kind,
               a.privilege_type as privilege, a.is_grantable as grantable
        from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
        where c.oid = to_regclass(${quoteRelation(relation)}) and a.grantee <> c.relowner`,
  analyze: () => undefined,
  sessionsCalled: (tags) =>
    sql`select pid from pg_stat_activity where application_name = any(${[...tags]}) and pid <> pg_backend_pid()`,
  endSession: (pid) => sql`select pg_terminate_backend(${raw(String(Math.trunc(pid)))})`,
};
