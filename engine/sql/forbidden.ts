import { didYouMean } from '../config/nearest.ts';
import { readReferences, type Statement } from './references.ts';
import { tableName } from './table-ref.ts';
import { type SqlDialect, significant, type Token, tokenize } from './tokens.ts';
import { isSymbol } from './words.ts';

/** Something that a model's SQL must not hold: a Problem but for the place, which is an offset of the compiled text. */
export interface Forbidden {
  readonly code:
    | 'empty-model'
    | 'unclosed'
    | 'unbalanced'
    | 'second-statement'
    | 'not-a-query'
    | 'writes-a-table'
    | 'sql-parameter';
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
}

/**
 * Everything in a model's compiled SQL that is not one query which only reads. The engine sets the text into statements
 * of its own, so it must neither end early nor swallow what follows it.
 */
export function findForbidden(text: string, dialect: SqlDialect): Forbidden[] {
  const tokens = significant(tokenize(text, dialect));
  while (isSymbol(tokens.at(-1), ';')) tokens.pop();
  const found = [...tokens.flatMap(ofToken), ...unbalanced(tokens), ...secondStatement(tokens)];
  const [statement] = readReferences(text, dialect);
  if (tokens.length === 0 || statement === undefined) {
    found.push({ code: 'empty-model', message: 'there is no query', hint: 'A model is one SELECT.', offset: 0 });
  } else found.push(...ofStatement(statement));
  return found.sort((a, b) => a.offset - b.offset);
}

function ofToken(token: Token): Forbidden[] {
  if (token.kind === 'unclosed') {
    const what = token.text.startsWith('/*') ? 'comment' : /^(u&)?"/i.test(token.text) ? 'quoted name' : 'string';
    return [{ code: 'unclosed', message: `this ${what} is never closed`, offset: token.start }];
  }
  if (token.kind === 'parameter') {
    const message = `a model has no parameter ${token.text}`;
    return [{ code: 'sql-parameter', message, hint: 'Use {{ window.from }} or {{ vars.name }}.', offset: token.start }];
  }
  return [];
}

/** The first parenthesis without its partner. */
function unbalanced(tokens: readonly Token[]): Forbidden[] {
  const open: Token[] = [];
  for (const token of tokens) {
    if (isSymbol(token, '(')) open.push(token);
    else if (isSymbol(token, ')') && open.pop() === undefined)
      return [{ code: 'unbalanced', message: 'nothing opens this parenthesis', offset: token.start }];
  }
  return open
    .slice(0, 1)
    .map(({ start }) => ({ code: 'unbalanced', message: 'this parenthesis is never closed', offset: start }));
}

function secondStatement(tokens: readonly Token[]): Forbidden[] {
  const end = tokens.find((token) => isSymbol(token, ';'));
  if (end === undefined) return [];
  const hint = 'A model is one SELECT: make each step a model of its own, or a WITH.';
  return [{ code: 'second-statement', message: 'a second statement follows this ;', hint, offset: end.start }];
}

function ofStatement(statement: Statement): Forbidden[] {
  if (statement.kind !== 'select') return [notAQuery(statement)];
  return statement.writes.map((table) => ({
    code: 'writes-a-table',
    message: `the query writes ${tableName(table)}`,
    hint: 'A model only reads; the engine writes its rows.',
    offset: table.start,
  }));
}

function notAQuery({ kind, verb, start }: Statement): Forbidden {
  const what = (verb === 'with' && kind !== 'other' ? kind : verb).toUpperCase();
  const offset = start;
  const hint = hints.get(what.toLowerCase()) ?? didYouMean(verb, ['select', 'with', 'values', 'table']);
  const message = what === '' ? 'this is not a query' : `${what} is not a query`;
  return { code: 'not-a-query', message, offset, hint: hint ?? 'A model is one SELECT.' };
}

const hints: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'insert update delete merge copy': 'A model is one SELECT; the engine writes its rows.',
    'create drop alter comment': 'A model is one SELECT; the engine makes its table as the header says.',
    'truncate vacuum':
      'It would commit the open transaction. A model is one SELECT; the engine clears what it replaces.',
    'commit rollback begin start end abort savepoint': 'The engine opens and ends the transactions.',
    'grant revoke': 'The engine keeps the grants of a table it replaces.',
    'set reset': 'Settings belong to the target in project.yml.',
    'explain analyze': 'A model is one SELECT.',
  }).flatMap(([verbs, hint]) => verbs.split(' ').map((verb) => [verb, hint] as const)),
);
