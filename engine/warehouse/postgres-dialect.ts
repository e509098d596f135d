import { quoteRelation } from './dialect.ts';
import type { Dialect } from './dialect-port.ts';
import type { RelationName } from './relation.ts';
import { rowHash, rowTextHash } from './row-hash.ts';
import { type Statement, sql } from './statement.ts';

const ident = ({ schema, name }: RelationName): Statement => sql.ident(schema, name);
const raw = (text: string): Statement => sql.__dangerous__rawValue(text);

/** PostgreSQL, 16 or later. */
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
  makeReader: () => undefined,
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

/** The function of ours that reads a text in the place of what only PostgreSQL 16 has. */
const reader = 'why_unreadable';

/** PostgreSQL 15, which cannot say whether a text is readable without reading it, and fails where it is not. */
export const postgres15Dialect: Dialect = {
  ...postgresDialect,
  makeReader: (schema) =>
    sql`create or replace function ${sql.ident(schema, reader)}(given text, wanted text) returns text
        language plpgsql stable strict as $reader$
          begin
            -- A cast would cut what is too long. Only JSON is not its own text there.
            if wanted ilike 'json%' then
              perform given::json;
            else
              execute format('select v from json_to_record(json_build_object(''v'', $1)) r(v %s)', wanted) using given;
            end if;
            return null;
          exception when others then
            return sqlerrm;
          end
        $reader$`,
  isUnreadable: (text, type, schema) => sql`${sql.ident(schema, reader)}(${text}, ${type}) is not null`,
  whyUnreadable: (text, type, schema) => sql`${sql.ident(schema, reader)}(${text}, ${type})`,
};
