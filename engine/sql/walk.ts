import { isQualifier, isWithName, type Level, openLevel, type Sight } from './scope.ts';
import { chainParts, endOfChain, type TableRef, tableName, tableRef } from './table-ref.ts';
import type { SqlDialect, Token } from './tokens.ts';
import { foldWord, isName, isSymbol, isWord, nameOf, notAlias } from './words.ts';

export type StatementKind = 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'table' | 'view' | 'other';

/**
 * What the words of a frame mean where we stand:
 *   start    nothing yet: a query, a statement or an expression
 *   head     a query is still to come (INSERT's, a view's, the next arm of a UNION)
 *   list     a SELECT list: FROM or INTO may come
 *   table    a FROM list where a table must come
 *   item     a FROM list before a parenthesis: a derived table or a function's arguments
 *   joined   a FROM list after a table: a comma or JOIN brings the next
 *   target   the table that is written comes next
 *   changed  UPDATE, DELETE, MERGE after their target: FROM or USING may come
 *   created  a new table or view: AS may bring its query
 *   names, as, body, named   a WITH list: a name, AS, the parenthesis, what follows it
 *   other    nothing that reads a table until a parenthesis or a set operator
 */
export type Mode =
  | 'start'
  | 'head'
  | 'list'
  | 'table'
  | 'item'
  | 'joined'
  | 'target'
  | 'changed'
  | 'created'
  | 'names'
  | 'as'
  | 'body'
  | 'named'
  | 'other';

/** One open parenthesis or bracket, or a whole statement. */
export interface Frame {
  mode: Mode;
  /** What comes after the target. */
  after: Mode;
  /** Whether INSERT, UPDATE, DELETE, MERGE may begin here: a statement or the body of a WITH name. */
  verbs: boolean;
  /** Whether the level was opened in this frame, so that it ends with it. */
  own: boolean;
  merge: boolean;
  /** CASE expressions that are open. */
  cases: number;
  level: Level;
  sight: Sight | undefined;
}

/** A statement while it is read. */
export interface Walk {
  kind: StatementKind | undefined;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly dialect: SqlDialect;
  /** The next token. */
  at: number;
  frame: Frame;
  readonly stack: Frame[];
  readonly seen: { readonly table: TableRef; readonly sight: Sight | undefined }[];
  readonly mentions: { readonly first: number; readonly last: number; readonly level: Level }[];
  readonly writes: TableRef[];
  readonly navigations: TableRef[];
}

export function openFrame(mode: Mode, verbs: boolean, level: Level, sight: Sight | undefined): Frame {
  return { mode, after: 'other', verbs, own: false, merge: false, cases: 0, level, sight };
}

/** Opens a query's own FROM list at an offset; another one of the frame (the arm before a UNION) ends there. */
export function openQuery(frame: Frame, at: number): void {
  const outer = frame.own ? frame.level.outer : frame.level;
  closeQuery(frame, at);
  frame.level = openLevel(at, outer);
  frame.own = true;
}

/** Ends the query that was opened in the frame, if any and if it has not ended before. */
export function closeQuery({ own, level }: Frame, at: number): void {
  if (own && level.span.end === level.span.start) level.span.end = at;
}

/** Takes the dotted name at token `first` as a table that is read, unless it is a path into a column of the same FROM. */
export function readTable(walk: Walk, first: number): void {
  const { level, sight } = walk.frame;
  const { tokens, dialect } = walk;
  const last = endOfChain(tokens, first);
  const [head = ''] = chainParts(tokens, first, first, dialect);
  const navigates = dialect === 'redshift' && last > first && level.aliases.has(head);
  walk.at = last + 1;
  const alias = takeAlias(walk);
  const table = tableRef(walk.text, tokens, first, last, dialect, level.span, alias);
  if (navigates) walk.navigations.push(table);
  else walk.seen.push({ table, sight });
  if (alias !== undefined) return;
  level.aliases.add(table.name);
  level.tables.add(tableName(table));
}

/** After an item of a FROM list: takes its alias, where it has one. */
export function takeAlias(walk: Walk): string | undefined {
  const { frame, tokens, dialect } = walk;
  frame.mode = 'joined';
  const as = isWord(tokens[walk.at], 'as');
  const token = tokens[as ? walk.at + 1 : walk.at];
  if (!isName(token) || (!as && token.kind === 'word' && notAlias.has(foldWord(token.text)))) return undefined;
  const alias = nameOf(token, dialect);
  frame.level.aliases.add(alias);
  walk.at += as ? 2 : 1;
  return alias;
}

export function writeTable(walk: Walk, first: number): void {
  const last = endOfChain(walk.tokens, first);
  walk.writes.push(tableRef(walk.text, walk.tokens, first, last, walk.dialect, walk.frame.level.span));
  walk.at = last + 1;
}

/** Passes a dotted name of an expression; what may be `schema.table.column` is kept to be judged when all FROMs are known. */
export function passName(walk: Walk, first: number): void {
  const last = endOfChain(walk.tokens, first);
  walk.at = last + 1;
  const names = (last - first) / 2 + (isSymbol(walk.tokens[last + 1], '.') ? 2 : 1);
  if (names > 2) walk.mentions.push({ first, last: first + 2, level: walk.frame.level });
}

/** The tables read, without the names that a WITH gave. */
export function readsOf(walk: Walk): TableRef[] {
  return walk.seen
    .filter(({ table, sight }) => table.schema !== undefined || !isWithName(table.name, sight))
    .map(({ table }) => table);
}

/** The `schema.table` that stand before a column's name. */
export function qualifiersOf(walk: Walk): TableRef[] {
  return walk.mentions.flatMap(({ first, last, level }) => {
    const table = tableRef(walk.text, walk.tokens, first, last, walk.dialect, level.span);
    return isQualifier(table.schema ?? '', table.name, level) ? [table] : [];
  });
}
