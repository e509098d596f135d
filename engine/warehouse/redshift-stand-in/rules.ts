import { callsOf, find, isAt, type Token } from './lexer.ts';
import { notOnTables, type Rule, type Seen, syntax, unsupported } from './rule.ts';
import { ddlRules } from './rules-ddl.ts';
import { unloadRules } from './rules-unload.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Functions that are not there at all. */
const missing = words(`
  string_agg array_agg every corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope
  regr_sxx regr_sxy regr_syy clock_timestamp justify_days justify_hours justify_interval pg_sleep transaction_timestamp
  statement_timestamp make_interval make_date make_timestamp div setseed width_bucket generate_series generate_subscripts
  bit_length overlay convert_from convert_to encode format quote_nullable regexp_matches regexp_split_to_array
  regexp_split_to_table current_query unnest array_length array_to_string string_to_array cardinality row_to_json to_json
  to_jsonb json_agg jsonb_agg json_build_object jsonb_build_object jsonb_populate_recordset jsonb_to_recordset
  jsonb_array_elements json_array_elements jsonb_each hashtext hashtextextended hash_record_extended pg_input_is_valid
  pg_input_error_info aclexplode txid_current pg_current_xact_id gen_random_uuid pg_size_pretty pg_total_relation_size
  pg_relation_size to_regclass pg_typeof num_nonnulls concat_ws bool_xor nextval currval setval tsvector to_tsvector`);

/** Functions of the leader node, which knows no rows of tables. */
const leaderOnly = words(`
  now age current_schema current_schemas has_database_privilege has_schema_privilege has_table_privilege isfinite getbit
  get_byte set_bit set_byte to_ascii pg_backend_pid current_setting set_config version format_type pg_get_viewdef
  pg_terminate_backend pg_cancel_backend pg_get_late_binding_view_cols obj_description`);

/** Words that stand for a leader-only function without parentheses. */
const leaderWords = words('current_timestamp current_time localtime localtimestamp');

const missingTypes = words(`
  json jsonb bytea uuid inet cidr macaddr money serial bigserial smallserial xml bit hstore tsvector tsquery point line
  lseg box path polygon circle int4range int8range numrange tsrange tstzrange daterange txid_snapshot`);

/** Reserved words that are none in PostgreSQL, so that a statement gets by there. */
const reserved = words(`
  aes128 aes256 allowoverwrite az64 backup blanksasnull bytedict bzip2 credentials current_user_id deflate defrag delta
  delta32k disable emptyasnull enable encode encrypt encryption explicit globaldict256 globaldict64k gzip identity ignore
  lun luns lzo lzop minus mostly16 mostly32 mostly8 new offline oid old open parallel partition percent permissions pivot
  raw readratio recover rejectlog resort respect restore snapshot sysdate system tag tdes text255 text32k top
  truncatecolumns unpivot wallet without`);

/** The first token of a set that is called as a function. */
const called = ({ tokens }: Seen, names: ReadonlySet<string>): Token | undefined =>
  callsOf(tokens).find(({ value, from }) => names.has(value) && tokens.some((token) => token.from === from));

const noFunction = (at: Token | undefined) =>
  at && { message: `function ${at.value}() does not exist`, state: '42883', at };

/** Whether a token names a type: after `::` or after AS in CAST. */
const typeTokens = ({ tokens }: Seen): Token[] =>
  tokens.filter((token, index) => token.kind === 'word' && isAt(tokens, index - 1, '::'));

/** All that the stand-in refuses. The first that objects answers. */
export const rules: readonly Rule[] = [
  {
    name: 'returning',
    page: 'INSERT',
    says: 'the syntax of INSERT, UPDATE and DELETE has no RETURNING',
    example: 'delete from s.t returning id',
    refuses: ({ tokens }) => syntax(find(tokens, 'returning')),
  },
  {
    name: 'on-conflict',
    page: 'INSERT',
    says: 'the syntax has no ON CONFLICT',
    example: 'insert into s.t (id) values (1) on conflict do nothing',
    refuses: ({ tokens }) => syntax(find(tokens, 'on', 'conflict')),
  },
  {
    name: 'writing-with',
    page: 'WITH clause',
    says: 'a common table expression is a subquery; it writes nothing',
    example: 'with gone as (delete from s.t) select 1',
    refuses: ({ tokens }) =>
      syntax(find(tokens, '(', 'delete') ?? find(tokens, '(', 'insert') ?? find(tokens, '(', 'update')),
  },
  {
    name: 'array',
    page: 'Unsupported PostgreSQL data types',
    says: 'arrays; subscripted expressions and array constructors',
    example: 'select 1 where 1 = any(array[1, 2])',
    refuses({ tokens }) {
      const quantified = tokens.find(
        (_, index) =>
          ['any', 'all', 'some'].some((word) => isAt(tokens, index, word, '(')) && !isAt(tokens, index + 2, 'select'),
      );
      const built = find(tokens, 'array', '[');
      const ofType = find(tokens, '[', ']');
      return quantified || built || ofType
        ? unsupported('Arrays are not supported.', quantified ?? built ?? ofType)
        : undefined;
    },
  },
  {
    name: 'row-constructor',
    page: 'Unsupported PostgreSQL features',
    says: 'value expressions: row constructors',
    example: 'select row(1, 2)',
    refuses: ({ tokens }) => syntax(find(tokens, 'row', '(')),
  },
  {
    name: 'is-distinct-from',
    page: 'Unsupported PostgreSQL functions',
    says: 'IS DISTINCT FROM',
    example: 'select 1 where 1 is distinct from 2',
    refuses: ({ tokens }) => syntax(find(tokens, 'is', 'distinct') ?? find(tokens, 'is', 'not', 'distinct')),
  },
  {
    name: 'missing-function',
    page: 'Unsupported PostgreSQL functions',
    says: 'advisory locks, STRING_AGG, ARRAY_AGG, WIDTH_BUCKET, GENERATE_SERIES, PG_SLEEP and others of the list, and what came with PostgreSQL after 8.0',
    example: 'select hashtextextended(name, 0) from s.t',
    refuses: (seen) =>
      noFunction(called(seen, missing) ?? callsOf(seen.tokens).find(({ value }) => /advisory/.test(value))),
  },
  {
    name: 'leader-function',
    page: 'Leader node-only functions',
    says: 'a query that uses one must run on the leader node alone: no tables, no STL, STV, SVL or SVV',
    example: 'insert into s.t (at) values (now())',
    refuses(seen) {
      const at =
        called(seen, leaderOnly) ?? seen.tokens.find(({ kind, value }) => kind === 'word' && leaderWords.has(value));
      return at && seen.onCompute ? notOnTables(at) : undefined;
    },
  },
  {
    name: 'catalogue-join',
    page: 'Querying the catalog tables',
    says: 'a catalogue table of the leader node cannot be joined with tables of the compute nodes',
    example: 'insert into s.t (id) select c.oid from pg_catalog.pg_class c',
    refuses({ tables, onCompute }) {
      const catalogue = tables.find(isCatalogue);
      return catalogue && onCompute ? notOnTables(catalogue.token) : undefined;
    },
  },
  {
    name: 'missing-type',
    page: 'Unsupported PostgreSQL data types',
    says: 'JSON, BYTEA, UUID, XML, network, geometric, range and other types',
    example: "select '{}'::jsonb",
    refuses(seen) {
      const inDefinition = /^(create|alter)$/.test(seen.verb) ? seen.tokens : [];
      const at = [...typeTokens(seen), ...inDefinition.filter((_, index) => index > 2)].find(
        ({ kind, value }) => kind === 'word' && missingTypes.has(value),
      );
      return at && { message: `type "${at.value}" does not exist`, state: '42704', at };
    },
  },
  {
    name: 'distinct-on',
    page: 'SELECT list',
    says: 'the syntax has DISTINCT and no DISTINCT ON',
    example: 'select distinct on (a) a from s.t',
    refuses: ({ tokens }) =>
      find(tokens, 'distinct', 'on') && unsupported('SELECT DISTINCT ON is not supported', find(tokens, 'distinct')),
  },
  {
    name: 'lateral',
    page: 'FROM clause',
    says: 'the syntax has no LATERAL',
    example: 'select 1 from s.t cross join lateral (select t.id) x',
    refuses: ({ tokens }) => syntax(find(tokens, 'lateral')),
  },
  {
    name: 'aggregate-filter',
    page: 'Aggregate functions',
    says: 'the syntax of no aggregate has FILTER',
    example: 'select count(*) filter (where id > 1) from s.t',
    refuses: ({ tokens }) => syntax(find(tokens, ')', 'filter', '(')),
  },
  {
    name: 'values-table',
    page: 'Unsupported PostgreSQL features',
    says: 'a VALUES list used as a constant table',
    example: 'select * from (values (1), (2)) as v (n)',
    refuses: ({ tokens, verb }) => syntax(verb === 'values' ? tokens[0] : find(tokens, '(', 'values')),
  },
  {
    name: 'select-for-update',
    page: 'SELECT',
    says: 'the syntax has no FOR UPDATE or FOR SHARE',
    example: 'select 1 from s.t for update',
    refuses: ({ tokens }) => syntax(find(tokens, 'for', 'update') ?? find(tokens, 'for', 'share')),
  },
  {
    name: 'collate-name',
    page: 'Unsupported PostgreSQL features',
    says: 'collations; COLLATE is a function, and CASE_SENSITIVE or CASE_INSENSITIVE of a column',
    example: 'select name from s.t order by name collate "C"',
    refuses: ({ tokens }) =>
      syntax(tokens.find((_, index) => isAt(tokens, index, 'collate') && tokens[index + 1]?.kind === 'name')),
  },
  {
    name: 'reserved-word',
    page: 'Reserved words',
    says: 'RAW, TAG, SNAPSHOT and others need quotes where they are names',
    example: 'select 1 from raw.lines',
    refuses: ({ tokens, verb }) => (/^(copy|unload)$/.test(verb) ? undefined : syntax(bareReserved(tokens, verb))),
  },
  ...ddlRules,
  ...unloadRules,
];

function isCatalogue({ schema, name }: { readonly schema: string | undefined; readonly name: string }): boolean {
  if (schema === 'pg_catalog' || schema === 'information_schema') return true;
  return schema === undefined && /^pg_(?!table_def)/.test(name);
}

/** Whether a statement reads or writes tables that the compute nodes hold. */
export function readsCompute({ tokens, tables }: Pick<Seen, 'tokens' | 'tables'>): boolean {
  const own = new Set(
    tokens.flatMap(({ kind, value }, index) =>
      (kind === 'word' || kind === 'name') && isAt(tokens, index + 1, 'as', '(') ? [value] : [],
    ),
  );
  return tables.some((table) => !isCatalogue(table) && !(table.schema === undefined && own.has(table.name)));
}

/** A reserved word in the place of a name: before or after the dot of a table's name, or alone where a column would be. */
function bareReserved(tokens: readonly Token[], verb: string): Token | undefined {
  return tokens.find((token, index) => {
    if (token.kind !== 'word' || !reserved.has(token.value) || token.value === 'sysdate') return false;
    if (isAt(tokens, index + 1, '.')) return true;
    const before = tokens[index - 1];
    // A label after AS and a column after its table's name are told by the grammar.
    if (before?.value === '.' || before?.value === 'as') return false;
    if (['from', 'join', 'into', 'table', 'update'].some((word) => isAt(tokens, index - 1, word))) return true;
    // The rest have a part in some sentence of the grammar, and are names only without one.
    if (!/^(raw|tag|delta|wallet|resort|permissions|offline|recover|defrag|system)$/.test(token.value)) return false;
    return !(before?.value === 'encode' || (verb === 'alter' && before?.value === 'encode'));
  });
}
