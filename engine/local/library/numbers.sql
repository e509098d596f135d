-- Numbers and what is made of many values.

create or replace function redshift.trunc(x numeric, places integer default 0) returns numeric
language sql immutable as 'select pg_catalog.trunc(x, places)';

create or replace function redshift.trunc(x bigint) returns bigint
language sql immutable as 'select x';

create or replace function redshift.trunc(x double precision) returns double precision
language sql immutable as 'select pg_catalog.trunc(x)';

create or replace function redshift.trunc(x double precision, places integer) returns double precision
language sql immutable as 'select pg_catalog.trunc(x::numeric, places)::double precision';

create or replace function redshift.trunc(at timestamp) returns date
language sql immutable as 'select at::date';

create or replace function redshift.trunc(at date) returns date
language sql immutable as 'select at';

create or replace function redshift.trunc(at timestamptz) returns date
language sql stable as 'select (at at time zone ''UTC'')::date';

create or replace function redshift.round(x numeric, places integer default 0) returns numeric
language sql immutable as 'select pg_catalog.round(x, places)';

create or replace function redshift.round(x bigint) returns bigint
language sql immutable as 'select x';

create or replace function redshift.round(x double precision) returns double precision
language sql immutable as 'select pg_catalog.round(x::numeric)::double precision';

create or replace function redshift.round(x double precision, places integer) returns double precision
language sql immutable as 'select pg_catalog.round(x::numeric, places)::double precision';

-- AVG by sum and count: of integers cut to a whole number, of decimals cut to their own scale ("AVG function").
create or replace function redshift.average(total bigint, n bigint) returns bigint
language sql immutable as 'select total / nullif(n, 0)';

create or replace function redshift.average(total numeric, n bigint) returns numeric
language sql immutable as $$
  select pg_catalog.round(div(total * 10::numeric ^ scale(total), nullif(n, 0)) / 10::numeric ^ scale(total), scale(total))
$$;

create or replace function redshift.average(total double precision, n bigint) returns double precision
language sql immutable as 'select total / nullif(n, 0)';

create or replace function redshift.ratio_to_report(x double precision, total double precision) returns double precision
language sql immutable as 'select x / total';

-- LISTAGG: no nulls, no empty texts; distinct is told without trailing blanks, and the first is kept.
create or replace function redshift.listagg(parts text[], delimiter text, is_distinct boolean default false) returns text
language sql immutable as $$
  select string_agg(part, coalesce(delimiter, '') order by place)
  from (
    select part, place,
      row_number() over (partition by case when is_distinct then rtrim(part) else place::text end order by place) as nth
    from unnest(parts) with ordinality as given (part, place)
    where part <> ''
  ) as numbered
  where nth = 1
$$;

-- The values that are there, in order: what MEDIAN and the percentiles read. Null where there are none.
create or replace function redshift.in_order(given anycompatiblearray) returns anycompatiblearray
language sql immutable as $$
  select array_agg(x order by x) from unnest(given) as x where x is not null
$$;

create or replace aggregate redshift.sorted(anycompatible) (
  sfunc = array_append, stype = anycompatiblearray, finalfunc = redshift.in_order
);

-- PERCENTILE_CONT: row 1 + p * (n - 1), mixed of the rows around it by their nearness ("PERCENTILE_CONT function").
create or replace function redshift.percentile_cont(p numeric, given numeric[], descending boolean default false)
returns numeric
language sql immutable as $$
  select (1 - place % 1) * given[floor(place)::int] + (place % 1) * given[ceil(place)::int]
  from (select 1 + case when descending then 1 - p else p end * (cardinality(given) - 1) as place) as found
$$;

create or replace function redshift.percentile_cont(p numeric, given bigint[], descending boolean default false)
returns numeric
language sql immutable as 'select redshift.percentile_cont(p, given::numeric[], descending)';

create or replace function redshift.percentile_cont(p numeric, given integer[], descending boolean default false)
returns numeric
language sql immutable as 'select redshift.percentile_cont(p, given::numeric[], descending)';

create or replace function redshift.percentile_cont(p numeric, given smallint[], descending boolean default false)
returns numeric
language sql immutable as 'select redshift.percentile_cont(p, given::numeric[], descending)';

create or replace function redshift.percentile_cont(p numeric, given double precision[], descending boolean default false)
returns double precision
language sql immutable as $$
  select (1 - (place % 1)::double precision) * given[floor(place)::int]
    + (place % 1)::double precision * given[ceil(place)::int]
  from (select 1 + case when descending then 1 - p else p end * (cardinality(given) - 1) as place) as found
$$;

create or replace function redshift.percentile_cont(p numeric, given real[], descending boolean default false)
returns double precision
language sql immutable as 'select redshift.percentile_cont(p, given::double precision[], descending)';

create or replace function redshift.percentile_cont(p numeric, given timestamp[], descending boolean default false)
returns timestamp
language sql immutable as $$
  select given[floor(place)::int]
    + (given[ceil(place)::int] - given[floor(place)::int]) * (place % 1)::double precision
  from (select 1 + case when descending then 1 - p else p end * (cardinality(given) - 1) as place) as found
$$;

create or replace function redshift.percentile_cont(p numeric, given timestamptz[], descending boolean default false)
returns timestamptz
language sql stable as $$
  select given[floor(place)::int]
    + (given[ceil(place)::int] - given[floor(place)::int]) * (place % 1)::double precision
  from (select 1 + case when descending then 1 - p else p end * (cardinality(given) - 1) as place) as found
$$;

create or replace function redshift.percentile_cont(p numeric, given date[], descending boolean default false)
returns date
language sql immutable as 'select redshift.percentile_cont(p, given::timestamp[], descending)::date';

-- MEDIAN is PERCENTILE_CONT(0.5), here worked out once for a window and not for each of its rows.
do $$
declare
  kind text;
begin
  foreach kind in array array[
    'smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'date', 'timestamp', 'timestamptz'
  ] loop
    execute format(
      'create or replace function redshift.median_of(given %s[]) returns %s language sql immutable as %L',
      kind,
      case when kind ~ 'int' then 'numeric' when kind = 'real' then 'double precision' else kind end,
      'select redshift.percentile_cont(0.5, redshift.in_order(given))'
    );
    execute format(
      'create or replace aggregate redshift.median(%1$s) (sfunc = array_append, stype = %1$s[], finalfunc = redshift.median_of)',
      kind
    );
  end loop;
end
$$;

-- PERCENTILE_DISC: the first value whose share of the rows up to it is p or more.
create or replace function redshift.percentile_disc(p numeric, given anyarray, descending boolean default false)
returns anyelement
language sql immutable as $$
  select given[case when descending then cardinality(given) + 1 - nth else nth end]
  from (select greatest(1, ceil(p * cardinality(given)))::int as nth) as found
$$;

-- IGNORE NULLS: the first and the last value of a frame that is there. A strict function skips nulls and begins by itself.
create or replace function redshift.keep_first(kept anyelement, next anyelement) returns anyelement
language sql immutable strict as 'select kept';

create or replace function redshift.keep_last(kept anyelement, next anyelement) returns anyelement
language sql immutable strict as 'select next';

create or replace aggregate redshift.first_present(anyelement) (sfunc = redshift.keep_first, stype = anyelement);

create or replace aggregate redshift.last_present(anyelement) (sfunc = redshift.keep_last, stype = anyelement);

-- Of a list one that is counted from its end: -1 is the last.
create or replace function redshift.nth_present(given anyarray, n integer) returns anyelement
language sql immutable as 'select given[cardinality(given) + 1 + n]';
