import { homeSchema } from './rewrite.ts';

/** What the vendor's manual shows that a cluster answers (page "VERSION"). */
const version =
  'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.12103';

const h = homeSchema;

/**
 * Makes what Redshift has and PostgreSQL has not: a few functions, a few of its system views, late-binding views. To be
 * run by the owner of a database, again and again.
 */
export const homeSql = `
create schema if not exists ${h};
grant usage on schema ${h} to public;

create or replace function ${h}.version() returns text immutable language sql as $$ select '${version}' $$;
create or replace function ${h}.getdate() returns timestamp stable language sql
  as $$ select date_trunc('second', now() at time zone 'UTC') $$;
create or replace function ${h}.sysdate() returns timestamp stable language sql as $$ select now() at time zone 'UTC' $$;
create or replace function ${h}.farmfingerprint64(value text) returns bigint immutable strict language sql
  as $$ select hashtextextended(value, 0) $$;
create or replace function ${h}.fnv_hash(value anyelement, seed bigint default 0) returns bigint immutable language sql
  as $$ select hashtextextended(coalesce(value::text, ''), seed) $$;
create or replace function ${h}.nvl(a anyelement, b anyelement) returns anyelement immutable language sql
  as $$ select coalesce(a, b) $$;
create or replace function ${h}.len(value text) returns int immutable strict language sql as $$ select length(value) $$;

create or replace function ${h}.pg_last_copy_count() returns bigint stable language sql
  as $$ select coalesce(nullif(current_setting('${h}.copied', true), ''), '0')::bigint $$;

create or replace view ${h}.sys_query_history as
  select a.pid as session_id, a.application_name::varchar(320) as query_label, a.query::varchar(4000) as query_text,
         case a.state when 'active' then 'running' else 'success' end::varchar(10) as status,
         a.query_start at time zone 'UTC' as start_time, a.datname::varchar(128) as database_name
    from pg_catalog.pg_stat_activity a where a.datname = current_database() and a.backend_type = 'client backend';

create or replace view ${h}.svv_relation_privileges as
  select n.nspname::varchar(128) as namespace_name, c.relname::varchar(128) as relation_name,
         p.privilege_type::varchar(128) as privilege_type, p.grantee::bigint as identity_id,
         coalesce(r.rolname, 'public')::varchar(128) as identity_name,
         case when p.grantee = 0 then 'public' when r.rolcanlogin then 'user' else 'role' end::varchar(128) as identity_type,
         p.is_grantable as admin_option
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         cross join lateral aclexplode(c.relacl) p left join pg_catalog.pg_roles r on r.oid = p.grantee
   where p.grantee <> c.relowner;
grant select on all tables in schema ${h} to public;

create or replace function ${h}.create_late_view(view_schema text, view_name text, query text, may_replace boolean)
returns void language plpgsql as $body$
declare
  target text := format('%I.%I', view_schema, view_name);
  body text := format('${h}.%I', view_schema || '.' || view_name);
  probe text := format('pg_temp.%I', 'probe_' || md5(view_name));
  columns text;
  granted record;
  grants text[] := array[]::text[];
begin
  execute format('create temporary view %s as %s', replace(probe, 'pg_temp.', ''), query);
  select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
    into columns from pg_attribute a where a.attrelid = probe::regclass and a.attnum > 0;
  execute format('drop view %s', probe);
  if may_replace then
    for granted in select * from ${h}.svv_relation_privileges
                    where namespace_name = view_schema and relation_name = view_name loop
      grants := grants || format('grant %s on %s to %s', granted.privilege_type, target,
        case granted.identity_type when 'public' then 'public' else quote_ident(granted.identity_name) end);
    end loop;
    execute format('drop view if exists %s', target);
  elsif to_regclass(target) is not null then
    raise exception using errcode = '42P07', message = format('relation "%s" already exists', view_name);
  end if;
  execute format('drop function if exists %s()', body);
  execute format('create function %s() returns table (%s) stable language sql as %L', body, columns, query);
  execute format('create view %s as select * from %s()', target, body);
  for i in 1 .. coalesce(array_length(grants, 1), 0) loop
    execute grants[i];
  end loop;
end $body$;
`;
