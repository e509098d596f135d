BEGIN;

BEGIN READ ONLY;

COMMIT;

alter table "kpi"."history" add column "valid_from" timestamptz;

alter table "kpi"."history" add column "valid_until" timestamptz;

alter table "kpi"."tiffin_stage_ID" rename to "keyed";

alter table "kpi"."tiffin_stage_ID" rename to "total";

alter table "kpi"."total" rename to "tiffin_old_ID";

analyze "kpi"."keyed" predicate columns;

analyze "kpi"."total" predicate columns;

create schema if not exists "kpi";

create schema if not exists "raw";

create schema if not exists "staging";

create schema if not exists "tiffin_test";

create table "kpi"."daily" (like "tiffin_test"."stage_ID");

create table "kpi"."history" (like "tiffin_test"."stage_ID");

create table "kpi"."tiffin_stage_ID" as select * from (

select store, max(version) as version from staging.lines group by store
) as query where false;

create table "kpi"."tiffin_stage_ID" as select * from (

select store, version from staging.lines
) as query where false;

create table "kpi"."tiffin_stage_ID" as select * from (

select store, version, 1 as more from staging.lines
) as query where false;

create table "raw"."lines" ("day" date, "store" text, "version" integer, "tiffin_file" varchar(1024) not null);

create table "tiffin_test"."definitions" ("nothing" boolean);

create table "tiffin_test"."failing_ID_1" as select * from (select * from "kpi"."tiffin_stage_ID" where not (version > 0)) as failing limit $1;

create table "tiffin_test"."failing_ID_1" as select * from (select * from "tiffin_test"."stage_ID" where not (version > 0)) as failing limit $1;

create table "tiffin_test"."stage_ID" ("day" date, "store" text, "version" integer);

create table "tiffin_test"."stage_ID" as select * from (

select day, store, version from staging.lines 
where day >= date '2021-09-01' and day < date '2021-09-03'
) as query where false;

create table "tiffin_test"."stage_ID" as select * from (

select day, store, version from staging.lines 
where day >= date '2021-09-03' and day < date '2021-09-04'
) as query where false;

create table "tiffin_test"."stage_ID" as select * from (

select store, max(version) as version from staging.lines group by store
) as query where false;

create table if not exists "tiffin_test"."audit_passes" ("model" varchar(127) not null, "build_id" varchar(40) not null, "from_at" timestamptz, "until_at" timestamptz, "audits" varchar(65535) not null, "run_id" varchar(40) not null, "passed_at" timestamptz not null);

create table if not exists "tiffin_test"."bad_rows" ("source" varchar(127) not null, "file" varchar(1024) not null, "load_id" varchar(40) not null, "line" bigint not null, "reason" varchar(65535) not null, "row_text" varchar(65535) not null, "found_at" timestamptz not null);

create table if not exists "tiffin_test"."builds" ("model" varchar(127) not null, "sequence" bigint not null, "build_id" varchar(40) not null, "version" varchar(40) not null, "from_at" timestamptz, "until_at" timestamptz, "grain" varchar(10), "time_zone" varchar(64), "sql_hash" varchar(64) not null, "inputs" varchar(65535) not null, "row_count" bigint not null, "checksum" varchar(64), "run_id" varchar(40) not null, "built_at" timestamptz not null, "horizon_at" timestamptz, "relation_id" varchar(40), "audits" varchar(65535));

create table if not exists "tiffin_test"."loads" ("source" varchar(127) not null, "sequence" bigint not null, "load_id" varchar(40) not null, "file" varchar(1024) not null, "sha256" varchar(64) not null, "bytes" bigint not null, "modified_ms" bigint not null, "from_at" timestamptz, "until_at" timestamptz, "row_count" bigint not null, "run_id" varchar(40) not null, "loaded_at" timestamptz not null, "segments" varchar(65535), "days" varchar(65535), "relation_id" varchar(40));

create view "kpi"."total_view" as
select store, version from kpi.total
with no schema binding;

create view "staging"."lines" as
select day, store, version from "raw".lines
with no schema binding;

create view "tiffin_test"."stage_ID" as
select day, store, version from "raw".lines
with no schema binding;

create view "tiffin_test"."stage_ID" as
select store, version from kpi.total
with no schema binding;

delete from "kpi"."daily" where ("day" >= date '2021-09-01' and "day" < date '2021-09-03');

delete from "kpi"."daily" where ("day" >= date '2021-09-03' and "day" < date '2021-09-04');

delete from "kpi"."keyed" using "tiffin_test"."stage_ID" where "kpi"."keyed"."store" = "tiffin_test"."stage_ID"."store";

delete from "raw"."lines" where "tiffin_file" = $1;

delete from "tiffin_test"."bad_rows" where source = $1 and file = $2;

delete from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (1);

delete from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (2);

delete from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (2, 1);

delete from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (4, 3);

delete from "tiffin_test"."loads" where "source" = $1 and "loaded_at" <= sysdate - interval '0 days' and sequence in (1, 2);

delete from "tiffin_test"."loads" where "source" = $1 and "loaded_at" <= sysdate - interval '0 days' and sequence in (3);

drop table if exists "kpi"."tiffin_old_ID";

drop table if exists "kpi"."tiffin_stage_ID";

drop table if exists "tiffin_test"."stage_ID";

drop view if exists "tiffin_test"."stage_ID";

insert into "kpi"."daily" ("day", "store", "version") select "day", "store", "version" from "tiffin_test"."stage_ID" where ("day" >= date '2021-09-01' and "day" < date '2021-09-03');

insert into "kpi"."daily" ("day", "store", "version") select "day", "store", "version" from "tiffin_test"."stage_ID" where ("day" >= date '2021-09-03' and "day" < date '2021-09-04');

insert into "kpi"."history" ("store", "version", "valid_from")
        select s."store", s."version", greatest($1::timestamptz, t.ended) from "tiffin_test"."stage_ID" s left join (select "store", max("valid_until") as ended from "kpi"."history" group by "store") t on t."store" = s."store"
        where not exists (select 1 from "kpi"."history" t where t."valid_until" is null and t."store" = s."store");

insert into "kpi"."keyed" ("store", "version") select "store", "version" from "tiffin_test"."stage_ID";

insert into "kpi"."tiffin_stage_ID" ("store", "version")

select store, max(version) as version from staging.lines group by store;

insert into "kpi"."tiffin_stage_ID" ("store", "version")

select store, version from staging.lines;

insert into "kpi"."tiffin_stage_ID" ("store", "version", "more")

select store, version, 1 as more from staging.lines;

insert into "raw"."lines" ("day", "store", "version", "tiffin_file")
            select "day", "store", "version", $1 from "tiffin_test"."stage_ID";

insert into "tiffin_test"."builds" (model, sequence, build_id, version, from_at, until_at, grain, time_zone, sql_hash,
              inputs, horizon_at, row_count, checksum, run_id, built_at, relation_id, audits)
            values ($1, $2, $3, $4, $5,
              $6, $7, $8, $9,
              $10, $11, $12, $13, $14,
              sysdate, $15, $16);

insert into "tiffin_test"."loads" (source, sequence, load_id, file, sha256, bytes, modified_ms, from_at, until_at,
              segments, days, row_count, run_id, loaded_at, relation_id)
            values ($1, $2, $3, $4, $5, $6,
              $7, $8, $9,
              $10, $11, $12,
              $13, sysdate, $14);

insert into "tiffin_test"."stage_ID" ("day", "store", "version")

select day, store, version from staging.lines 
where day >= date '2021-09-01' and day < date '2021-09-03';

insert into "tiffin_test"."stage_ID" ("day", "store", "version")

select day, store, version from staging.lines 
where day >= date '2021-09-03' and day < date '2021-09-04';

insert into "tiffin_test"."stage_ID" ("day", "store", "version") values ($1, $2, $3), ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), ($13, $14, $15), ($16, $17, $18), ($19, $20, $21), ($22, $23, $24), ($25, $26, $27), ($28, $29, $30), ($31, $32, $33), ($34, $35, $36);

insert into "tiffin_test"."stage_ID" ("store", "version")

select store, max(version) as version from staging.lines group by store;

lock table "kpi"."daily";

lock table "kpi"."history";

lock table "kpi"."keyed";

lock table "kpi"."total";

lock table "raw"."lines";

lock table "tiffin_test"."definitions";

select (select count(*) from (select "day", "store", count(*) as copies from "tiffin_test"."stage_ID" as audited
                        group by "day", "store" having count(*) > 1) as failing) as broken_1;

select (select count(*) from (select "store", count(*) as copies from "kpi"."tiffin_stage_ID" as audited
                        group by "store" having count(*) > 1) as failing) as broken_0;

select (select count(*) from (select "store", count(*) as copies from "tiffin_test"."stage_ID" as audited
                        group by "store" having count(*) > 1) as failing) as broken_0;

select * from "tiffin_test"."stage_ID";

select *, count(*) over () as failing_rows from (select * from "kpi"."tiffin_stage_ID" where not (version > 0)) as failing limit $1;

select *, count(*) over () as failing_rows from (select * from "tiffin_test"."stage_ID" where not (version > 0)) as failing limit $1;

select 1 as "window", count(*) as "rows", null as hashes, count(case when not (version > 0) then 1 end) as broken_0 from "kpi"."tiffin_stage_ID" group by 1;

select 1 as "window", count(*) as "rows", null as hashes, count(case when not (version > 0) then 1 end) as broken_1 from "kpi"."tiffin_stage_ID" group by 1;

select 1 as "window", count(*) as "rows", null as hashes, count(case when not (version > 0) then 1 end) as broken_1 from "tiffin_test"."stage_ID" group by 1;

select 1 from "tiffin_test"."stage_ID" limit 1;

select 1 from (select "store", "version" from "tiffin_test"."stage_ID" except select "store", "version" from "kpi"."keyed") as news limit 1;

select 1 from pg_catalog.pg_namespace where nspname = $1;

select case when "day" is null then null else case when "day" < date '2021-09-02' then case when "day" < date '2021-09-01' then 0 else 1 end else case when "day" < date '2021-09-03' then 2 else 3 end end end as "window", count(*) as "rows", sum(farmfingerprint64(coalesce(farmfingerprint64("day"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("store"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("version"::varchar(65535))::varchar(20), '-'))) as hashes
      from "kpi"."daily" where "day" >= date '2021-09-01' and "day" < date '2021-09-03' group by 1;

select case when "day" is null then null else case when "day" < date '2021-09-02' then case when "day" < date '2021-09-01' then 0 else 1 end else case when "day" < date '2021-09-03' then 2 else 3 end end end as "window", count(*) as "rows", sum(farmfingerprint64(coalesce(farmfingerprint64("day"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("store"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("version"::varchar(65535))::varchar(20), '-'))) as hashes, count(case when "day" is null or "day" < date '2021-09-01' or "day" >= date '2021-09-03' then 1 end) as broken_0, count(case when not (version > 0) then 1 end) as broken_2 from "tiffin_test"."stage_ID" group by 1;

select case when "day" is null then null else case when "day" < date '2021-09-04' then case when "day" < date '2021-09-03' then 0 else 1 end else 2 end end as "window", count(*) as "rows", sum(farmfingerprint64(coalesce(farmfingerprint64("day"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("store"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("version"::varchar(65535))::varchar(20), '-'))) as hashes
      from "kpi"."daily" where "day" >= date '2021-09-03' and "day" < date '2021-09-04' group by 1;

select case when "day" is null then null else case when "day" < date '2021-09-04' then case when "day" < date '2021-09-03' then 0 else 1 end else 2 end end as "window", count(*) as "rows", sum(farmfingerprint64(coalesce(farmfingerprint64("day"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("store"::varchar(65535))::varchar(20), '-') || ',' || coalesce(farmfingerprint64("version"::varchar(65535))::varchar(20), '-'))) as hashes, count(case when "day" is null or "day" < date '2021-09-03' or "day" >= date '2021-09-04' then 1 end) as broken_0, count(case when not (version > 0) then 1 end) as broken_2 from "tiffin_test"."stage_ID" group by 1;

select count(*) as count from "tiffin_test"."audit_passes" where passed_at <= sysdate - interval '0 days' and not exists (select 1 from "tiffin_test"."builds" b where b.model = "tiffin_test"."audit_passes".model and b.build_id = "tiffin_test"."audit_passes".build_id);

select count(*) as count from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (1);

select count(*) as count from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (2);

select count(*) as count from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (2, 1);

select count(*) as count from "tiffin_test"."builds" where "model" = $1 and "built_at" <= sysdate - interval '0 days' and sequence in (4, 3);

select count(*) as count from "tiffin_test"."loads" where "source" = $1 and "loaded_at" <= sysdate - interval '0 days' and sequence in (1, 2);

select count(*) as count from "tiffin_test"."loads" where "source" = $1 and "loaded_at" <= sysdate - interval '0 days' and sequence in (3);

select count(*) as count, min("day"::text) as example from "tiffin_test"."stage_ID"
        where "day" is null or "day" < date '2021-09-01' or "day" >= date '2021-09-04';

select count(*) as moved from "kpi"."history" t, "tiffin_test"."stage_ID" s where t."valid_until" is null and t."store" = s."store" and (s."version" <> t."version" or (s."version" is null and t."version" is not null) or (s."version" is not null and t."version" is null));

select count(*) as moved from "tiffin_test"."stage_ID" s where not exists (select 1 from "kpi"."history" t where t."valid_until" is null and t."store" = s."store");

select days from "tiffin_test"."loads" where source = $1 and file = $2 order by sequence desc limit 1;

select distinct l.source as name, l.sequence from "tiffin_test"."loads" l
            join "tiffin_test"."loads" later on later.source = l.source and later.file = l.file and later.sequence > l.sequence;

select distinct n.nspname as schema, c.relname as name
      from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
      join pg_catalog.pg_class c on c.oid = r.ev_class join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where d.refobjid = $1 and c.oid <> $2 order by 1, 2;

select identity_name as grantee, identity_type as kind, privilege_type as privilege, admin_option as grantable
        from svv_relation_privileges where namespace_name = $1 and relation_name = $2;

select model, build_id, cast(extract(epoch from "from_at") * 1000 as bigint) as from_ms, cast(extract(epoch from "until_at") * 1000 as bigint) as until_ms, audits
            from "tiffin_test"."audit_passes" where model in ($1, $2);

select model, build_id, cast(extract(epoch from "from_at") * 1000 as bigint) as from_ms, cast(extract(epoch from "until_at") * 1000 as bigint) as until_ms, audits
            from "tiffin_test"."audit_passes" where model in ($1, $2, $3, $4, $5, $6, $7);

select model, sequence, build_id, version, cast(extract(epoch from "from_at") * 1000 as bigint) as from_ms,
  cast(extract(epoch from "until_at") * 1000 as bigint) as until_ms, sql_hash, inputs, cast(extract(epoch from "horizon_at") * 1000 as bigint) as horizon_ms, relation_id, audits from "tiffin_test"."builds" where model in ($1, $2) order by model, sequence;

select model, sequence, build_id, version, cast(extract(epoch from "from_at") * 1000 as bigint) as from_ms,
  cast(extract(epoch from "until_at") * 1000 as bigint) as until_ms, sql_hash, inputs, cast(extract(epoch from "horizon_at") * 1000 as bigint) as horizon_ms, relation_id, audits from "tiffin_test"."builds" where model in ($1, $2, $3, $4, $5, $6, $7) order by model, sequence;

select n.nspname as schema, c.relname as name, c.oid as id, c.relkind from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname = $1 and c.relname = $2;

select n.nspname as schema, c.relname as name, c.oid as id, c.relkind from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname in ($1, $2, $3) order by 1, 2;

select n.nspname as schema, c.relname as name, c.oid as id, c.relkind from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname in ($1, $2, $3, $4) order by 1, 2;

select n.nspname as schema, c.relname as name, c.oid as id, c.relkind, a.attname as column, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
           case when t.typtype = 'd' then t.typbasetype else t.oid end as oid, not a.attnotnull as nullable
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_catalog.pg_type t on t.oid = a.atttypid
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname = $1 and c.relname = $2
     order by a.attnum;

select pg_backend_pid() as pid;

select sequence, coalesce($1::timestamptz < until_at
                     and from_at < $2::timestamptz, true) as overlaps
            from "tiffin_test"."builds" where model = $3 and sequence > $4
            union all
            select sequence, true from "tiffin_test"."loads" where source = $5 and sequence > $6;

select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false), set_config('query_group', 'tiffin', false);

select source, sequence, load_id, file, sha256, bytes, modified_ms, cast(extract(epoch from "from_at") * 1000 as bigint) as from_ms,
  cast(extract(epoch from "until_at") * 1000 as bigint) as until_ms, segments, relation_id from "tiffin_test"."loads" where source in ($1, $2) order by source, sequence;

select source, sequence, load_id, file, sha256, bytes, modified_ms, cast(extract(epoch from "from_at") * 1000 as bigint) as from_ms,
  cast(extract(epoch from "until_at") * 1000 as bigint) as until_ms, segments, relation_id from "tiffin_test"."loads" where source in ($1, $2, $3, $4, $5, $6, $7) order by source, sequence;

select sysdate as at;

select table_name, column_name from information_schema.columns where table_schema = $1;

select version() as version;

update "kpi"."history" t set "valid_until" = $1::timestamptz from "tiffin_test"."stage_ID" s where t."valid_until" is null and t."store" = s."store" and (s."version" <> t."version" or (s."version" is null and t."version" is not null) or (s."version" is not null and t."version" is null));
