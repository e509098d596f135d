-- Dates and times as Redshift reckons with them. Sessions are in UTC, as Redshift's are unless told otherwise.

-- None of these is strict where its own parts are: the server then puts them into the query, and a CASE over a constant away.

-- A year from 29 February is 1 March, twelve months from it are 28 February ("DATEADD function").
create or replace function redshift.add_years(at timestamp, n bigint) returns timestamp
language sql immutable as $$
  select at + make_interval(years => n::int)
    + case when extract(day from at) > extract(day from at + make_interval(years => n::int)) then interval '1 day'
           else interval '0' end
$$;

create or replace function redshift.dateadd(part text, n bigint, at timestamp) returns timestamp
language sql immutable as $$
  select case part
    when 'millennium' then redshift.add_years(at, n * 1000)
    when 'century' then redshift.add_years(at, n * 100)
    when 'decade' then redshift.add_years(at, n * 10)
    when 'year' then redshift.add_years(at, n)
    when 'quarter' then at + make_interval(months => (n * 3)::int)
    when 'month' then at + make_interval(months => n::int)
    when 'week' then at + make_interval(weeks => n::int)
    when 'day' then at + make_interval(days => n::int)
    when 'hour' then at + n * interval '1 hour'
    when 'minute' then at + n * interval '1 minute'
    when 'second' then at + n * interval '1 second'
    when 'millisecond' then at + n * interval '1 millisecond'
    when 'microsecond' then at + n * interval '1 microsecond'
  end
$$;

create or replace function redshift.dateadd(part text, n bigint, at date) returns timestamp
language sql immutable as 'select redshift.dateadd(part, n, at::timestamp)';

create or replace function redshift.dateadd(part text, n bigint, at text) returns timestamp
language sql stable as 'select redshift.dateadd(part, n, at::timestamp)';

create or replace function redshift.dateadd(part text, n bigint, at timestamptz) returns timestamptz
language sql stable as 'select redshift.dateadd(part, n, at at time zone ''UTC'') at time zone ''UTC''';

create or replace function redshift.dateadd(part text, n bigint, at time) returns time
language sql immutable as 'select redshift.dateadd(part, n, date ''2000-01-01'' + at)::time';

create or replace function redshift.dateadd(part text, n bigint, at timetz) returns timetz
language sql stable as $$
  select redshift.dateadd(part, n, date '2000-01-01' + (at at time zone 'UTC')::time)::time::timetz
$$;

-- The number of the part that a time is in, from wherever: differences count the boundaries between two times.
create or replace function redshift.part_number(part text, at timestamp) returns bigint
language sql immutable as $$
  select case part
    when 'millennium' then extract(millennium from at)
    when 'century' then extract(century from at)
    when 'decade' then floor(extract(year from at) / 10)
    when 'year' then extract(year from at)
    when 'quarter' then extract(year from at) * 4 + extract(quarter from at)
    when 'month' then extract(year from at) * 12 + extract(month from at)
    when 'week' then floor((at::date - date '1970-01-05') / 7.0)
    when 'day' then at::date - date '1970-01-01'
    when 'hour' then floor(extract(epoch from at) / 3600)
    when 'minute' then floor(extract(epoch from at) / 60)
    when 'second' then floor(extract(epoch from at))
    when 'millisecond' then floor(extract(epoch from at) * 1000)
    when 'microsecond' then extract(epoch from at) * 1000000
  end::bigint
$$;

create or replace function redshift.datediff(part text, a timestamp, b timestamp) returns bigint
language sql immutable as 'select redshift.part_number(part, b) - redshift.part_number(part, a)';

create or replace function redshift.datediff(part text, a timestamptz, b timestamptz) returns bigint
language sql stable as $$
  select redshift.datediff(part, a at time zone 'UTC', b at time zone 'UTC')
$$;

create or replace function redshift.datediff(part text, a text, b text) returns bigint
language sql stable as 'select redshift.datediff(part, a::timestamptz, b::timestamptz)';

create or replace function redshift.datediff(part text, a text, b timestamptz) returns bigint
language sql stable as 'select redshift.datediff(part, a::timestamptz, b)';

create or replace function redshift.datediff(part text, a timestamptz, b text) returns bigint
language sql stable as 'select redshift.datediff(part, a, b::timestamptz)';

create or replace function redshift.datediff(part text, a time, b time) returns bigint
language sql immutable as 'select redshift.datediff(part, date ''2000-01-01'' + a, date ''2000-01-01'' + b)';

create or replace function redshift.datediff(part text, a timetz, b timetz) returns bigint
language sql stable as $$
  select redshift.datediff(part, (a at time zone 'UTC')::time, (b at time zone 'UTC')::time)
$$;

-- DATE_PART: a double, in which the seconds have their fraction. A decade begins with its year 0 and the first is number 1.
create or replace function redshift.date_part(part text, at timestamp) returns double precision
language sql immutable as $$
  select case part
    when 'decade' then floor(extract(year from at) / 10) + 1
    when 'microsecond' then extract(microseconds from at) % 1000000
    else pg_catalog.extract(part, at)
  end::double precision
$$;

create or replace function redshift.date_part(part text, at timestamptz) returns double precision
language sql stable as 'select redshift.date_part(part, at at time zone ''UTC'')';

create or replace function redshift.date_part(part text, at text) returns double precision
language sql stable as 'select redshift.date_part(part, at::timestamp)';

create or replace function redshift.date_part(part text, at time) returns double precision
language sql immutable as 'select redshift.date_part(part, date ''2000-01-01'' + at)';

create or replace function redshift.date_part(part text, span interval) returns double precision
language sql immutable as 'select pg_catalog.date_part(part, span)';

-- EXTRACT: whole numbers of the part alone: of milliseconds those beyond the second.
create or replace function redshift.extract_part(part text, at timestamp) returns integer
language sql immutable as $$
  select case part
    when 'decade' then floor(extract(year from at) / 10) + 1
    when 'millisecond' then floor(extract(milliseconds from at) % 1000)
    else floor(pg_catalog.extract(part, at))
  end::integer
$$;

create or replace function redshift.extract_part(part text, at date) returns integer
language sql immutable as 'select redshift.extract_part(part, at::timestamp)';

create or replace function redshift.extract_part(part text, at text) returns integer
language sql stable as 'select redshift.extract_part(part, at::timestamp)';

create or replace function redshift.extract_part(part text, at timestamptz) returns double precision
language sql stable as $$
  select case when part like 'timezone%' then pg_catalog.extract(part, at)
              when part = 'epoch' then floor(extract(epoch from at))
              else redshift.extract_part(part, at at time zone 'UTC') end::double precision
$$;

create or replace function redshift.extract_part(part text, at time) returns integer
language sql immutable as 'select redshift.extract_part(part, date ''2000-01-01'' + at)';

create or replace function redshift.extract_part(part text, at timetz) returns integer
language sql stable as $$
  select case when part like 'timezone%' then pg_catalog.extract(part, at)::integer
              else redshift.extract_part(part, at::time) end
$$;

create or replace function redshift.extract_part(part text, span interval) returns integer
language sql immutable as 'select floor(pg_catalog.extract(part, span))::integer';

create or replace function redshift.date_trunc(part text, at timestamp) returns timestamp
language sql immutable as 'select pg_catalog.date_trunc(part, at)';

create or replace function redshift.date_trunc(part text, at date) returns timestamp
language sql immutable as 'select pg_catalog.date_trunc(part, at::timestamp)';

create or replace function redshift.date_trunc(part text, at text) returns timestamp
language sql stable as 'select pg_catalog.date_trunc(part, at::timestamp)';

create or replace function redshift.date_trunc(part text, at timestamptz) returns timestamptz
language sql stable as 'select pg_catalog.date_trunc(part, at, ''UTC'')';

create or replace function redshift.last_day(at timestamp) returns date
language sql immutable as $$
  select (pg_catalog.date_trunc('month', at) + interval '1 month' - interval '1 day')::date
$$;

create or replace function redshift.last_day(at date) returns date
language sql immutable as 'select redshift.last_day(at::timestamp)';

create or replace function redshift.last_day(at text) returns date
language sql stable as 'select redshift.last_day(at::timestamp)';

-- Unlike DATEADD, from the last day of a month to the last day of the other ("ADD_MONTHS function").
create or replace function redshift.add_months(at timestamp, n bigint) returns timestamp
language sql immutable as $$
  select case when at::date = redshift.last_day(at)
    then redshift.last_day(at + make_interval(months => n::int)) + at::time
    else at + make_interval(months => n::int) end
$$;

create or replace function redshift.add_months(at date, n bigint) returns timestamp
language sql immutable as 'select redshift.add_months(at::timestamp, n)';

create or replace function redshift.add_months(at text, n bigint) returns timestamp
language sql stable as 'select redshift.add_months(at::timestamp, n)';

-- The start of the statement, and of the transaction.
create or replace function redshift.getdate() returns timestamp
language sql stable as 'select pg_catalog.date_trunc(''second'', statement_timestamp() at time zone ''UTC'')';

create or replace function redshift.sysdate() returns timestamp
language sql stable as 'select transaction_timestamp() at time zone ''UTC''';

-- A zone with an offset behind it is that offset west of Greenwich, whatever it is called.
create or replace function redshift.zone(name text) returns text
language sql immutable as $$
  select regexp_replace(name, '^.*?\s*([+-]\d{1,2}(:\d\d)?)$', 'UTC\1')
$$;

create or replace function redshift.convert_timezone(source text, target text, at timestamp) returns timestamp
language sql stable as $$
  select at at time zone redshift.zone(source) at time zone redshift.zone(target)
$$;

create or replace function redshift.convert_timezone(source text, target text, at text) returns timestamp
language sql stable as 'select redshift.convert_timezone(source, target, at::timestamp)';

create or replace function redshift.convert_timezone(target text, at timestamp) returns timestamp
language sql stable as 'select redshift.convert_timezone(''UTC'', target, at)';

create or replace function redshift.convert_timezone(target text, at date) returns timestamp
language sql stable as 'select redshift.convert_timezone(''UTC'', target, at::timestamp)';

create or replace function redshift.convert_timezone(target text, at timestamptz) returns timestamp
language sql stable as 'select at at time zone redshift.zone(target)';

create or replace function redshift.convert_timezone(target text, at text) returns timestamp
language sql stable as 'select redshift.convert_timezone(''UTC'', target, at::timestamp)';
