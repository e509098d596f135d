import type { Span } from './scope.ts';
import type { SqlDialect, Token } from './tokens.ts';
import { isName, isSymbol, nameOf } from './words.ts';

/** A table as a statement names it, folded as the dialect folds names. */
export interface TableRef {
  readonly database: string | undefined;
  /** Undefined where the author left it to the search path. */
  readonly schema: string | undefined;
  readonly name: string;
  /** What the FROM list calls it, folded; undefined where it goes by its own name. */
  readonly alias: string | undefined;
  /** The author's spelling of the whole dotted name, which stands at `start` up to `end` of the text. */
  readonly written: string;
  readonly start: number;
  readonly end: number;
  /** The part of the text that is the query whose FROM list (or target) this is, subqueries included. */
  readonly query: Readonly<Span>;
}

/** `schema.name`, or the bare name where no schema was written. */
export function tableName(table: Pick<TableRef, 'schema' | 'name'>): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

/** Where the dotted name that begins at token `first` ends: the index of its last name. */
export function endOfChain(tokens: readonly Token[], first: number): number {
  let last = first;
  while (isSymbol(tokens[last + 1], '.') && isName(tokens[last + 2])) last += 2;
  return last;
}

/** The folded parts of a dotted name. */
export function chainParts(tokens: readonly Token[], first: number, last: number, dialect: SqlDialect): string[] {
  const parts: string[] = [];
  for (let at = first; at <= last; at += 2) parts.push(nameOf(tokens[at] as Token, dialect));
  return parts;
}

/** The table that the tokens `first` to `last` name; `text` is the whole text they were cut from. */
export function tableRef(
  text: string,
  tokens: readonly Token[],
  first: number,
  last: number,
  dialect: SqlDialect,
  query: Span,
  alias?: string,
): TableRef {
  const parts = chainParts(tokens, first, last, dialect);
  const start = (tokens[first] as Token).start;
  const end = (tokens[last] as Token).end;
  return {
    database: parts.at(-3),
    schema: parts.at(-2),
    name: parts.at(-1) ?? '',
    alias,
    written: text.slice(start, end),
    start,
    end,
    query,
  };
}
