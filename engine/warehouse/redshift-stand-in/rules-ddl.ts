import { find, isAt, tablesOf } from './lexer.ts';
import { type Rule, syntax, unsupported } from './rule.ts';

/** Settings that a session may change; others are not known. */
const settings = new Set(
  `analyze_threshold_percent application_name client_encoding datestyle enable_case_sensitive_identifier
   enable_result_cache_for_session extra_float_digits query_group search_path session statement_timeout timezone
   wlm_query_slot_count transaction local time describe_field_name_in_uppercase`.split(/\s+/),
);

/** Refusals of definitions, locks, settings and transactions. */
export const ddlRules: readonly Rule[] = [
  {
    name: 'index',
    page: 'Unsupported PostgreSQL features',
    says: 'indexes',
    example: 'create index on s.t (id)',
    refuses: ({ tokens, verb }) =>
      verb === 'create' && (isAt(tokens, 1, 'index') || isAt(tokens, 1, 'unique', 'index'))
        ? unsupported('SQL command "CREATE INDEX" not supported on Redshift tables.', tokens[1])
        : undefined,
  },
  {
    name: 'savepoint',
    page: 'Unsupported PostgreSQL functions',
    says: 'ROLLBACK TO SAVEPOINT, and with it savepoints',
    example: 'savepoint here',
    refuses: ({ tokens, verb }) =>
      verb === 'savepoint' || verb === 'release' || (verb === 'rollback' && find(tokens, 'to'))
        ? unsupported('SQL command "SAVEPOINT" not supported.', tokens[0])
        : undefined,
  },
  {
    name: 'unsupported-object',
    page: 'Unsupported PostgreSQL features',
    says: 'triggers, sequences, tablespaces, rules, full text search, management of external data; domains and types',
    example: 'create sequence s.numbers',
    refuses: ({ tokens, verb }) =>
      verb === 'create' &&
      ['trigger', 'sequence', 'tablespace', 'rule', 'domain', 'type', 'extension', 'server'].some((word) =>
        isAt(tokens, 1, word),
      )
        ? unsupported(`SQL command "CREATE ${tokens[1]?.value.toUpperCase()}" not supported.`, tokens[1])
        : undefined,
  },
  {
    name: 'table-clause',
    page: 'CREATE TABLE',
    says: 'no INHERITS, PARTITION BY, TABLESPACE, UNLOGGED, storage parameters or generated columns',
    example: 'create unlogged table s.t (id int)',
    refuses({ tokens, verb }) {
      if (verb !== 'create' || !find(tokens, 'table')) return undefined;
      const body = tokens.findIndex((_, index) => isAt(tokens, index, 'as'));
      const head = body < 0 ? tokens : tokens.slice(0, body);
      return syntax(
        find(head, 'unlogged') ??
          find(head, 'inherits') ??
          find(head, 'partition', 'by') ??
          find(head, 'tablespace') ??
          find(head, 'with', '(') ??
          find(head, 'stored') ??
          find(head, 'including', 'all'),
      );
    },
  },
  {
    name: 'alter-type',
    page: 'ALTER TABLE',
    says: 'ALTER COLUMN TYPE alters the size of a VARCHAR and nothing else',
    example: 'alter table s.t alter column id type bigint using id::bigint',
    refuses({ tokens, verb }) {
      const type = tokens.findIndex((_, index) => isAt(tokens, index, 'type'));
      if (verb !== 'alter' || !isAt(tokens, 1, 'table') || type < 0) return undefined;
      const sized = isAt(tokens, type + 1, 'varchar', '(') || isAt(tokens, type + 1, 'character', 'varying', '(');
      if (sized && !find(tokens, 'using')) return undefined;
      return { ...unsupported('target data type is not supported, or its size.', tokens[type + 1]), state: '0A000' };
    },
  },
  {
    name: 'alter-type-in-transaction',
    page: 'ALTER TABLE',
    says: 'a column cannot be altered within a transaction block',
    example: 'alter table s.t alter column name type varchar(300)',
    refuses: ({ tokens, verb, inTransaction }) =>
      verb === 'alter' && inTransaction && find(tokens, 'alter', 'column') && find(tokens, 'type')
        ? { message: 'ALTER TABLE ALTER COLUMN cannot run inside a transaction block', state: '25001' }
        : undefined,
  },
  {
    name: 'one-alteration',
    page: 'ALTER TABLE',
    says: 'one column in each ALTER TABLE statement',
    example: 'alter table s.t add column a int, add column b int',
    refuses: ({ tokens, verb }) =>
      verb === 'alter' && isAt(tokens, 1, 'table')
        ? syntax(tokens.find(({ value, depth }) => value === ',' && depth === 0))
        : undefined,
  },
  {
    name: 'set-schema',
    page: 'ALTER TABLE',
    says: 'the syntax has no SET SCHEMA',
    example: 'alter table s.t set schema other',
    refuses: ({ tokens, verb }) => (verb === 'alter' ? syntax(find(tokens, 'set', 'schema')) : undefined),
  },
  {
    name: 'lock-mode',
    page: 'LOCK',
    says: 'LOCK [ TABLE ] table_name [, ...]: always ACCESS EXCLUSIVE, no IN mode, no NOWAIT',
    example: 'lock table s.t in share mode',
    refuses: ({ tokens, verb }) => (verb === 'lock' ? syntax(find(tokens, 'in') ?? find(tokens, 'nowait')) : undefined),
  },
  {
    name: 'late-binding-names',
    page: 'CREATE VIEW',
    says: 'tables of a view WITH NO SCHEMA BINDING must be qualified with a schema name',
    example: 'create view s.v as select 1 from t with no schema binding',
    refuses({ tokens, verb }) {
      const start = tokens.findIndex((_, index) => isAt(tokens, index, 'as'));
      if (verb !== 'create' || !find(tokens, 'no', 'schema', 'binding')) return undefined;
      const own = new Set(tokens.flatMap((token, index) => (isAt(tokens, index + 1, 'as', '(') ? [token.value] : [])));
      const bare = tablesOf(tokens.slice(start)).find(({ schema, name }) => schema === undefined && !own.has(name));
      return (
        bare &&
        unsupported(
          'All the relation names inside should be qualified when creating VIEWs WITH NO SCHEMA BINDING.',
          bare.token,
        )
      );
    },
  },
  {
    name: 'unknown-setting',
    page: 'Configuration reference',
    says: 'the settings that there are',
    example: "set lock_timeout to '5s'",
    refuses({ tokens, verb }) {
      const at = tokens.slice(1).find(({ value }) => !['session', 'local'].includes(value));
      return verb === 'set' && at && !settings.has(at.value)
        ? { message: `unrecognized configuration parameter "${at.value}"`, state: '42704', at }
        : undefined;
    },
  },
  {
    name: 'materialized-cte-and-newer-words',
    page: 'WITH clause',
    says: 'the syntax has no MATERIALIZED',
    example: 'with a as materialized (select 1) select * from a',
    refuses: ({ tokens }) =>
      syntax(find(tokens, 'as', 'materialized', '(') ?? find(tokens, 'as', 'not', 'materialized', '(')),
  },
];
