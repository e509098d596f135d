import { readReferences } from './references.ts';
import { type TableRef, tableName } from './table-ref.ts';
import { type SqlDialect, significant, type Token, tokenize } from './tokens.ts';
import { isName, isSymbol, isWord, nameOf } from './words.ts';

/** A place that may or may not name a table that is renamed. */
export interface Uncertain {
  readonly offset: number;
  /** What is not certain there, in words. */
  readonly message: string;
}

export interface Renamed {
  /** The text, changed in nothing but the schemas of the tables that it certainly names. */
  readonly text: string;
  /** Where that may not be all; nothing = it is certain. */
  readonly uncertain: readonly Uncertain[];
}

/**
 * Moves tables to other schemas in a query: `schemas` gives, by `schema.table`, the schema that each stands in. Names in FROM
 * lists and before columns are changed token by token; whatever else looks like such a table is left and told.
 */
export function renameTables(text: string, dialect: SqlDialect, schemas: ReadonlyMap<string, string>): Renamed {
  const tokens = significant(tokenize(text, dialect));
  const at = new Map(tokens.map((token, index) => [token.start, index]));
  const moved = new Map<Token, string>();
  const uncertain: Uncertain[] = [];
  const take = (table: TableRef) => {
    const schema = schemas.get(tableName(table));
    const token = tokens[at.get(table.start) ?? -1];
    if (schema === undefined || token === undefined) return;
    if (table.database === undefined) moved.set(token, schema);
    else uncertain.push({ offset: table.start, message: `${table.written} names a database` });
  };
  for (const { reads, writes, qualifiers, navigations } of readReferences(text, dialect)) {
    for (const table of [...reads, ...writes, ...qualifiers]) {
      if (table.schema === undefined) uncertain.push(...bare(table, schemas));
      else take(table);
    }
    for (const path of navigations) {
      if (schemas.has(tableName(path))) uncertain.push({ offset: path.start, message: neither(path.written) });
    }
  }
  uncertain.push(...lookalikes(tokens, dialect, schemas, moved));
  let result = '';
  let from = 0;
  for (const [token, schema] of [...moved].sort(([a], [b]) => a.start - b.start)) {
    result += text.slice(from, token.start) + spelling(schema);
    from = token.end;
  }
  return { text: result + text.slice(from), uncertain: uncertain.sort((a, b) => a.offset - b.offset) };
}

const neither = (written: string) => `it is not certain that ${written} is the table of this name`;

function spelling(schema: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`;
}

/** A table without its schema is found along a search path that nobody here knows. */
function bare({ name, start, written }: TableRef, schemas: ReadonlyMap<string, string>): Uncertain[] {
  const meant = [...schemas.keys()].find((key) => key.endsWith(`.${name}`));
  return meant === undefined
    ? []
    : [{ offset: start, message: `${written} is named without its schema and may be ${meant}` }];
}

/** Dotted names elsewhere, and strings read as names of tables, that spell a table which is renamed. */
function lookalikes(
  tokens: readonly Token[],
  dialect: SqlDialect,
  schemas: ReadonlyMap<string, string>,
  moved: ReadonlyMap<Token, string>,
): Uncertain[] {
  const found: Uncertain[] = [];
  let alone: ReadonlySet<string> | undefined;
  for (const [index, token] of tokens.entries()) {
    if (isRegclass(tokens, index) && schemas.has(inner(token).toLowerCase())) {
      found.push({ offset: token.start, message: `${token.text} names a table in a string` });
    }
    const second = tokens[index + 2];
    if (!isName(token) || !isSymbol(tokens[index + 1], '.') || !isName(second) || moved.has(token)) continue;
    if (isSymbol(tokens[index - 1], '.')) continue;
    const head = nameOf(token, dialect);
    const name = `${head}.${nameOf(second, dialect)}`;
    if (!schemas.has(name)) continue;
    const before = tokens[index - 1];
    alone ??= namesAlone(tokens, dialect);
    // What is called by this one name somewhere else may be an alias, and this a column of it; a type never is.
    if (before?.text === '::' || isWord(before, 'as') || !alone.has(head)) {
      found.push({ offset: token.start, message: neither(name) });
    }
  }
  return found;
}

function namesAlone(tokens: readonly Token[], dialect: SqlDialect): Set<string> {
  return new Set(
    tokens.flatMap((token, index) =>
      isName(token) && !isSymbol(tokens[index - 1], '.') && !isSymbol(tokens[index + 1], '.')
        ? [nameOf(token, dialect)]
        : [],
    ),
  );
}

function isRegclass(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.kind !== 'string') return false;
  const cast = tokens[index + 1];
  return isWord(tokens[index - 1], 'regclass') || (cast?.text === '::' && isWord(tokens[index + 2], 'regclass'));
}

const inner = ({ text }: Token): string => text.slice(text.indexOf("'") + 1, -1).replaceAll('"', '');
