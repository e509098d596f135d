import { beginChange, beginQuery } from './begin.ts';
import { endOfChain } from './table-ref.ts';
import { closeQuery, type Mode, openQuery, passName, readTable, takeAlias, type Walk, writeTable } from './walk.ts';
import { endsFrom, foldWord, isName, isSymbol, isWord, nameOf, reserved, setOperators } from './words.ts';

/** What a frame does with a name or word at token `first`; `word` is its lower-case text when it may be a keyword. */
type Clause = (walk: Walk, first: number, word: string) => void;

/** Takes the word or dotted name at token `first`, and moves past it. */
export function takeName(walk: Walk, first: number): void {
  const { frame, tokens } = walk;
  const token = tokens[first];
  const word = token?.kind === 'word' && !isSymbol(tokens[first + 1], '.') ? foldWord(token.text) : '';
  walk.at = first + 1;
  if (word === 'case') frame.cases++;
  else if (word === 'end' && frame.cases > 0) frame.cases--;
  if (isSetOperator(walk, first, word) && !listModes.has(frame.mode)) {
    closeQuery(frame, token?.start ?? 0);
    frame.mode = 'head';
  } else clauses[frame.mode](walk, first, word);
}

const listModes: ReadonlySet<Mode> = new Set(['target', 'created', 'names', 'as', 'body']);

function isSetOperator(walk: Walk, first: number, word: string): boolean {
  if (setOperators.has(word)) return true;
  const next = walk.tokens[first + 1];
  return word === 'minus' && (isWord(next, 'select') || isWord(next, 'all') || isSymbol(next, '('));
}

/** `IS [NOT] DISTINCT FROM` is an operator. */
function isFromClause({ tokens }: Walk, first: number, word: string): boolean {
  if (word !== 'from') return false;
  return !(
    isWord(tokens[first - 1], 'distinct') &&
    (isWord(tokens[first - 2], 'is') || isWord(tokens[first - 2], 'not'))
  );
}

const start: Clause = (walk, first, word) => {
  if (beginQuery(walk, first, word) || beginChange(walk, first, word)) return;
  walk.frame.mode = 'other';
  passName(walk, first);
};

/** A FROM without its SELECT is no query, but what it reads is read. */
const head: Clause = (walk, first, word) => {
  const { frame, tokens } = walk;
  if (beginQuery(walk, first, word) || beginChange(walk, first, word)) return;
  if (!frame.own || !isFromClause(walk, first, word)) return;
  openQuery(frame, tokens[first]?.start ?? 0);
  frame.mode = 'table';
};

const list: Clause = (walk, first, word) => {
  const { frame, tokens } = walk;
  if (isFromClause(walk, first, word)) frame.mode = 'table';
  else if (word === 'into') {
    frame.mode = 'target';
    frame.after = 'list';
  } else if (word === 'as' && isName(tokens[walk.at])) walk.at++;
  else passName(walk, first);
};

const table: Clause = (walk, first, word) => {
  const { frame, tokens } = walk;
  const next = tokens[first + 1];
  if (beginQuery(walk, first, word)) return;
  if ((word === 'lateral' || word === 'only') && (isName(next) || isSymbol(next, '('))) return;
  if (word === 'rows' && isWord(next, 'from')) {
    walk.at = first + 2;
    frame.mode = 'item';
  } else if (word === 'unpivot' && isName(next)) {
    passName(walk, first + 1);
    takeAlias(walk);
  } else if (reserved.has(word)) {
    frame.mode = 'joined';
    joined(walk, first, word);
  } else if (isSymbol(tokens[endOfChain(tokens, first) + 1], '(')) {
    walk.at = endOfChain(tokens, first) + 1;
    frame.mode = 'item';
  } else readTable(walk, first);
};

const joined: Clause = (walk, first, word) => {
  const { frame, tokens } = walk;
  if (word === 'join') frame.mode = 'table';
  else if (endsFrom.has(word) && !isWord(tokens[first - 1], 'within')) frame.mode = 'other';
  else if (word === 'when' && frame.merge && frame.cases === 0) frame.mode = 'other';
  else if (word === 'on' && isWord(tokens[first + 1], 'conflict')) frame.mode = 'other';
  else passName(walk, first);
};

const target: Clause = (walk, first, word) => {
  const next = walk.tokens[first + 1];
  if (
    beforeTarget.has(word) &&
    ((isName(next) && !reserved.has(foldWord(next.text))) || word === 'if' || word === 'not')
  )
    return;
  walk.frame.mode = walk.frame.after;
  if (!reserved.has(word)) writeTable(walk, first);
};

/** Words between the verb and its table. */
const beforeTarget: ReadonlySet<string> = new Set(
  'into overwrite table temporary temp local global unlogged only if not exists'.split(' '),
);

const changed: Clause = (walk, first, word) => {
  if (isFromClause(walk, first, word) || word === 'using') walk.frame.mode = 'table';
  else if (word === 'where' || (word === 'when' && walk.frame.cases === 0)) walk.frame.mode = 'other';
  else passName(walk, first);
};

const created: Clause = (walk, _first, word) => {
  if (word === 'as') walk.frame.mode = 'head';
};

const names: Clause = (walk, first) => {
  const { frame, tokens, dialect } = walk;
  const token = tokens[first];
  const places = frame.sight?.list.places;
  if (isName(token) && places) {
    const name = nameOf(token, dialect);
    if (!places.has(name)) places.set(name, places.size);
  }
  frame.mode = 'as';
};

/** After a name of a WITH: its SEARCH and CYCLE clauses are passed until the statement that uses the names. */
const named: Clause = (walk, first, word) => {
  if (!beginQuery(walk, first, word)) beginChange(walk, first, word);
};

const as: Clause = (walk, first, word) => {
  if (word === 'as') walk.frame.mode = 'body';
  else named(walk, first, word);
};

const other: Clause = (walk, first) => passName(walk, first);
const pass: Clause = () => {};

const clauses: Readonly<Record<Mode, Clause>> = {
  start,
  head,
  list,
  table,
  item: joined,
  joined,
  target,
  changed,
  created,
  names,
  as,
  body: pass,
  named,
  other,
};
