import { beginStatement } from './begin.ts';
import { takeName } from './clauses.ts';
import { openLevel, sightOfBody } from './scope.ts';
import type { TableRef } from './table-ref.ts';
import { type SqlDialect, significant, type Token, tokenize } from './tokens.ts';
import { closeQuery, openFrame, qualifiersOf, readsOf, type StatementKind, takeAlias, type Walk } from './walk.ts';
import { foldWord, isName, isSymbol, isWord } from './words.ts';

/** What one statement reads and writes. Tables stand in the order of the text, as often as they are named. */
export interface Statement {
  readonly kind: StatementKind;
  /** Its first word in lower case, for messages; empty when it does not begin with a word. */
  readonly verb: string;
  readonly start: number;
  readonly end: number;
  readonly reads: readonly TableRef[];
  readonly writes: readonly TableRef[];
  /** Where a table of a FROM list is named in full before a column: `schema.table.column`, `schema.table.*`. */
  readonly qualifiers: readonly TableRef[];
  /** Redshift: names in FROM that begin with an alias of the same FROM, taken as paths into its SUPER columns. */
  readonly navigations: readonly TableRef[];
}

/**
 * Reads which tables a text's statements read and write, by tokens alone: it never throws, needs no valid SQL and takes
 * time linear in the text's length, times the depth of nested WITHs. Names that a WITH gives, functions and derived
 * tables are no tables.
 */
export function readReferences(text: string, dialect: SqlDialect): Statement[] {
  const tokens = significant(tokenize(text, dialect));
  const statements: Statement[] = [];
  for (let first = 0; first < tokens.length; ) {
    const walk = readStatement(text, tokens, first, dialect);
    if (walk.at > first) statements.push(statementOf(walk, first));
    first = walk.at + 1;
  }
  return statements;
}

/** Walks from token `first` to the statement's `;` or the end. Depth costs no stack: open parentheses are frames in a list. */
function readStatement(text: string, tokens: readonly Token[], first: number, dialect: SqlDialect): Walk {
  const start = tokens[first]?.start ?? 0;
  const frame = openFrame('start', true, openLevel(start, undefined), undefined);
  frame.own = true;
  const walk: Walk = {
    kind: undefined,
    text,
    tokens,
    dialect,
    at: first,
    frame,
    stack: [],
    seen: [],
    mentions: [],
    writes: [],
    navigations: [],
  };
  beginStatement(walk, first);
  while (walk.at < tokens.length) {
    const token = tokens[walk.at] as Token;
    if (isSymbol(token, ';')) break;
    if (isName(token)) takeName(walk, walk.at);
    else takeOther(walk, token);
  }
  const end = tokens[walk.at - 1]?.end ?? start;
  for (const open of [...walk.stack, walk.frame]) closeQuery(open, end);
  return walk;
}

function takeOther(walk: Walk, token: Token): void {
  const { frame, tokens } = walk;
  walk.at++;
  if (token.kind !== 'symbol') {
    if (frame.mode === 'start') frame.mode = 'other';
    else if (frame.mode === 'table') frame.mode = 'joined';
  } else if (token.text === '(' || token.text === '[') open(walk, token);
  else if (token.text === ')' || token.text === ']') close(walk, token);
  else if (token.text === ',' && frame.mode === 'joined') frame.mode = 'table';
  else if (token.text === ',' && frame.mode === 'named' && beginsName(tokens, walk.at)) frame.mode = 'names';
  else if (token.text === '.' && isName(tokens[walk.at])) walk.at++;
}

/** Whether a WITH list goes on here, and not the columns of its SEARCH or CYCLE clause. */
function beginsName(tokens: readonly Token[], at: number): boolean {
  return isName(tokens[at]) && (isWord(tokens[at + 1], 'as') || isSymbol(tokens[at + 1], '('));
}

function open(walk: Walk, token: Token): void {
  const { frame } = walk;
  const inner = openFrame('start', false, frame.level, frame.sight);
  switch (frame.mode) {
    case 'start':
      frame.mode = 'other';
      frame.verbs = false;
      if (walk.stack.length === 0) walk.kind ??= 'select';
      break;
    case 'table':
      frame.mode = 'item';
      inner.mode = 'table';
      break;
    case 'body':
      frame.mode = 'named';
      inner.verbs = true;
      if (frame.sight) inner.sight = sightOfBody(frame.sight);
      break;
    case 'named':
      if (walk.stack.length === 0) walk.kind ??= 'select';
      break;
  }
  if (token.text === '[') inner.mode = 'other';
  walk.stack.push(frame);
  walk.frame = inner;
}

/** Goes back to what stood around the parenthesis. One that nothing opened is passed over. */
function close(walk: Walk, token: Token): void {
  const outer = walk.stack.pop();
  if (outer === undefined) return;
  closeQuery(walk.frame, token.start);
  walk.frame = outer;
  if (outer.mode === 'item') takeAlias(walk);
}

function statementOf(walk: Walk, first: number): Statement {
  const token = walk.tokens[first] as Token;
  return {
    kind: walk.kind ?? 'other',
    verb: token.kind === 'word' ? foldWord(token.text) : '',
    start: token.start,
    end: walk.tokens[walk.at - 1]?.end ?? token.end,
    reads: readsOf(walk),
    writes: walk.writes,
    qualifiers: qualifiersOf(walk),
    navigations: walk.navigations,
  };
}
