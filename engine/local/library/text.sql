-- Texts, regular expressions and JSON.

-- `a + b` joins texts on Redshift; the schema is in the sessions' search path for this operator alone.
create or replace function redshift.joined(a text, b text) returns text
language sql immutable as 'select a || b';

do $$
begin
  if not exists (
    select from pg_operator
    where oprname = '+' and oprnamespace = 'redshift'::regnamespace and oprleft = 'text'::regtype
  ) then
    create operator redshift.+ (leftarg = text, rightarg = text, function = redshift.joined);
  end if;
end
$$;

create or replace function redshift.charindex(part text, whole text) returns integer
language sql immutable as 'select strpos(whole, part)';

-- Digits of a base from 2 to 36, white space and a sign before them, after it 0x for base 16 ("STRTOL function").
create or replace function redshift.strtol(digits text, base integer) returns bigint
language plpgsql immutable strict as $$
declare
  negative boolean := digits ~ '^\s*-';
  rest text := lower(regexp_replace(digits, '^\s*[+-]?', ''));
  sum numeric := 0;
  worth integer;
begin
  if base not between 2 and 36 then
    raise exception 'the base % of strtol is not between 2 and 36', base using errcode = '22023';
  end if;
  if base = 16 then rest := regexp_replace(rest, '^0x', ''); end if;
  for i in 1 .. length(rest) loop
    worth := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(rest, i, 1)) - 1;
    if worth < 0 or worth >= base then
      raise exception 'strtol: "%" is no number of base %', digits, base using errcode = '22P02';
    end if;
    sum := sum * base + worth;
  end loop;
  return case when negative then -sum else sum end;
end
$$;

-- The parameters of the REGEXP functions, as PostgreSQL says them: c, i; e is seen to by its functions.
create or replace function redshift.flags(parameters text) returns text
language plpgsql immutable strict as $$
begin
  if parameters ~ '[^cie]' then
    raise exception 'regular expressions with the parameters "%" have no local form', parameters using errcode = '0A000';
  end if;
  return replace(parameters, 'e', '');
end
$$;

-- Whether a pattern has a subexpression: a parenthesis that is neither escaped nor in brackets.
create or replace function redshift.has_group(pattern text) returns boolean
language sql immutable as $$
  select regexp_replace(regexp_replace(pattern, '\\.', '', 'g'), '\[\^?\]?[^]]*\]', '', 'g') like '%(%'
$$;

create or replace function redshift.regexp_count(
  source text, pattern text, start integer default 1, parameters text default 'c'
) returns integer
language sql immutable as $$
  select case when start > length(source) then 0
              else pg_catalog.regexp_count(source, pattern, greatest(start, 1), redshift.flags(parameters)) end
$$;

create or replace function redshift.regexp_instr(
  source text, pattern text, start integer default 1, nth integer default 1, past integer default 0,
  parameters text default 'c'
) returns integer
language sql immutable as $$
  select case when start > length(source) or nth < 1 or nth > length(source) then 0
    else pg_catalog.regexp_instr(source, pattern, greatest(start, 1), nth, case past when 0 then 0 else 1 end,
      redshift.flags(parameters), case when parameters ~ 'e' and redshift.has_group(pattern) then 1 else 0 end) end
$$;

create or replace function redshift.regexp_substr(
  source text, pattern text, start integer default 1, nth integer default 1, parameters text default 'c'
) returns text
language sql immutable as $$
  select case when source is null or pattern is null or nth < 1 or nth > length(source) then null
    when start > length(source) then ''
    else coalesce(pg_catalog.regexp_substr(source, pattern, greatest(start, 1), nth, redshift.flags(parameters),
      case when parameters ~ 'e' and redshift.has_group(pattern) then 1 else 0 end), '') end
$$;

-- Every occurrence; backslashes in what is put in are themselves.
create or replace function redshift.regexp_replace(
  source text, pattern text, replacement text default '', start integer default 1, parameters text default 'c'
) returns text
language sql immutable as $$
  select case when start > length(source) then source
    else pg_catalog.regexp_replace(source, pattern, replace(replacement, '\', '\\'), greatest(start, 1), 0,
      redshift.flags(parameters)) end
$$;

create or replace function redshift.is_valid_json(document text) returns boolean
language plpgsql immutable strict as $$
begin
  return json_typeof(document::json) = 'object';
exception when invalid_text_representation then
  return false;
end
$$;

create or replace function redshift.is_valid_json_array(document text) returns boolean
language plpgsql immutable strict as $$
begin
  return json_typeof(document::json) = 'array';
exception when invalid_text_representation then
  return false;
end
$$;

create or replace function redshift.json_extract_path_text(document text, variadic path text[]) returns text
language sql immutable as 'select document::json #>> path';

create or replace function redshift.json_extract_path_text_or_null(document text, variadic path text[]) returns text
language plpgsql immutable strict as $$
begin
  return document::json #>> path;
exception when invalid_text_representation then
  return null;
end
$$;

-- Counted from 0; nothing there is the empty text ("JSON_EXTRACT_ARRAY_ELEMENT_TEXT function").
create or replace function redshift.json_extract_array_element_text(document text, place integer) returns text
language sql immutable as $$
  select case when document is not null and place is not null
    then coalesce(case when place >= 0 then document::json ->> place end, '') end
$$;

create or replace function redshift.json_extract_array_element_text_or_null(document text, place integer) returns text
language plpgsql immutable strict as $$
begin
  return redshift.json_extract_array_element_text(document, place);
exception when invalid_text_representation then
  return null;
end
$$;

create or replace function redshift.json_array_length(document text) returns integer
language sql immutable as 'select pg_catalog.json_array_length(document::json)';
