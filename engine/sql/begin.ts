import { openWith } from './scope.ts';
import { endOfChain } from './table-ref.ts';
import { openQuery, type Walk } from './walk.ts';
import { foldWord, isName, isSymbol, isWord } from './words.ts';

/** Begins CREATE TABLE or CREATE VIEW at the statement's first word; of others only queries in parentheses are followed. */
export function beginStatement(walk: Walk, first: number): void {
  const word = wordAt(walk, first);
  if (word === 'explain' || word === 'prepare' || word === 'declare') {
    walk.kind = 'other';
    walk.frame.mode = 'head';
    walk.at = first + 1;
  }
  if (word !== 'create') return;
  let object = first + 1;
  while (createModifiers.has(wordAt(walk, object))) object++;
  const made = wordAt(walk, object);
  walk.kind = made === 'table' || made === 'view' ? made : 'other';
  walk.frame.mode = walk.kind === 'other' ? 'other' : 'target';
  walk.frame.after = 'created';
  walk.at = object + 1;
}

function wordAt({ tokens }: Walk, at: number): string {
  const token = tokens[at];
  return token?.kind === 'word' ? foldWord(token.text) : '';
}

const createModifiers: ReadonlySet<string> = new Set(
  'or replace temporary temp local global unlogged external materialized recursive'.split(' '),
);

/** Begins a query, where one may begin; says whether it did. */
export function beginQuery(walk: Walk, first: number, word: string): boolean {
  const { frame, tokens } = walk;
  const token = tokens[first];
  if (token === undefined) return false;
  if (word === 'select' || (word === 'table' && isTableQuery(walk, first))) {
    openQuery(frame, token.start);
    frame.mode = word === 'select' ? 'list' : 'table';
  } else if (word === 'values') {
    frame.mode = 'other';
  } else if (word === 'with' && bringsNames(walk, first)) {
    const recursive = isRecursive(walk, first);
    walk.at = first + (recursive ? 2 : 1);
    frame.sight = openWith(recursive, frame.sight);
    frame.mode = 'names';
    return true;
  } else return false;
  frame.verbs = false;
  if (walk.stack.length === 0) walk.kind ??= 'select';
  return true;
}

/** `TABLE name` is a query; TABLE PROPERTIES (..) and TABLE(function()) are not. */
function isTableQuery({ tokens }: Walk, first: number): boolean {
  return isName(tokens[first + 1]) && !isSymbol(tokens[endOfChain(tokens, first + 1) + 1], '(');
}

/** WITH brings names when a name, perhaps with columns, and AS and a parenthesis follow: not WITH NO SCHEMA BINDING. */
function bringsNames(walk: Walk, first: number): boolean {
  const { tokens } = walk;
  const name = isRecursive(walk, first) ? first + 2 : first + 1;
  if (!isName(tokens[name])) return false;
  return isSymbol(tokens[name + 1], '(') || (isWord(tokens[name + 1], 'as') && opensBody(tokens, name + 2));
}

/** `WITH recursive AS (..)` is a name like any other. */
function isRecursive({ tokens }: Walk, first: number): boolean {
  return isWord(tokens[first + 1], 'recursive') && isName(tokens[first + 2]) && !isWord(tokens[first + 2], 'as');
}

function opensBody(tokens: Walk['tokens'], at: number): boolean {
  const materialized = isWord(tokens[at], 'not') ? at + 1 : at;
  return isSymbol(tokens[isWord(tokens[materialized], 'materialized') ? materialized + 1 : at], '(');
}

/** Begins INSERT, UPDATE, DELETE or MERGE, where a statement may begin. */
export function beginChange(walk: Walk, first: number, word: string): boolean {
  const { frame, tokens } = walk;
  if (!frame.verbs || !isChange(word)) return false;
  openQuery(frame, tokens[first]?.start ?? 0);
  frame.verbs = false;
  frame.merge = word === 'merge';
  frame.mode = 'target';
  frame.after = word === 'insert' ? 'head' : 'changed';
  if (walk.stack.length === 0) walk.kind ??= word;
  if (isWord(tokens[walk.at], 'from')) walk.at++;
  return true;
}

function isChange(word: string): word is 'insert' | 'update' | 'delete' | 'merge' {
  return word === 'insert' || word === 'update' || word === 'delete' || word === 'merge';
}
