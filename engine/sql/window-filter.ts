import { conjuncts, findTop, type Outline, outline, type Range } from './outline.ts';
import { readReferences } from './references.ts';
import { type TableRef, tableName } from './table-ref.ts';
import { type SqlDialect, significant, type Token, tokenize } from './tokens.ts';
import { endsFrom, foldWord, isName, isSymbol, isWord, nameOf } from './words.ts';

/** A table that is read window by window, with the column by which it is. */
export interface WindowedInput {
  /** `schema.name`. */
  readonly table: string;
  readonly column: string;
}

/** The window's edges as the text has them: SQL literals, each with a string inside, that appear for no other reason. */
export interface WindowEdges {
  readonly from: string;
  readonly until: string;
}

/**
 * `proved`: wherever the input is read, its column is held between the edges. `absent`: the text has neither edge, so it
 * reads everything. `unproved`: it may filter in a way that this reader cannot follow, such as behind a WITH.
 */
export type FilterVerdict = 'proved' | 'unproved' | 'absent';

/** For each input, whether the window's filter reaches it. Wrong in neither direction: what it cannot tell is `unproved`. */
export function checkWindowFilters(
  text: string,
  dialect: SqlDialect,
  inputs: readonly WindowedInput[],
  edges: WindowEdges,
): Map<string, FilterVerdict> {
  const out = outline(text, dialect);
  const [from, until] = [edgeOf(edges.from, dialect), edgeOf(edges.until, dialect)];
  const isThere = out.tokens.some(({ text }) => text === from || text === until);
  const reads = readReferences(text, dialect).flatMap((statement) => statement.reads);
  const verdict = ({ table, column }: WindowedInput): FilterVerdict => {
    if (!isThere) return 'absent';
    const places = reads.filter((read) => tableName(read) === table);
    const held = places.every((place) => {
      const sides = conditionsOn(out, place)
        .flatMap((condition) => conjuncts(out, condition))
        .map((conjunct) =>
          sideOf(out, conjunct, (range) => isColumn(out, range, place, column, dialect), { from, until }),
        );
      return sides.includes('lower') && sides.includes('upper');
    });
    return places.length > 0 && held ? 'proved' : 'unproved';
  };
  return new Map(inputs.map((input) => [input.table, verdict(input)]));
}

function edgeOf(literal: string, dialect: SqlDialect): string {
  return significant(tokenize(literal, dialect)).find(({ kind }) => kind === 'string')?.text ?? literal;
}

/** Conditions that every row used of a table must meet: its query's WHERE, and the ON by which it is joined. */
function conditionsOn(out: Outline, place: TableRef): Range[] {
  const { tokens } = out;
  const from = tokens.findIndex((token) => token.start >= place.query.start);
  const end = tokens.findIndex((token) => token.start >= place.query.end);
  const query = { from, until: end < 0 ? tokens.length : end };
  const where = findTop(out, query, (token) => isWord(token, 'where')) + 1;
  const after = { from: where, until: query.until };
  const condition = { from: where, until: findTop(out, after, (token) => isClause(token)) };
  return where > query.until ? joinedBy(out, place, query) : [condition, ...joinedBy(out, place, query)];
}

/** The ON of a table that is itself the right side of an inner or left join. */
function joinedBy(out: Outline, place: TableRef, query: Range): Range[] {
  const { tokens } = out;
  const at = tokens.findIndex((token) => token.start === place.start);
  const outer = isWord(tokens[at - 2], 'outer') ? at - 3 : at - 2;
  if (!isWord(tokens[at - 1], 'join') || isWord(tokens[outer], 'right') || isWord(tokens[outer], 'full')) return [];
  const rest = { from: at, until: query.until };
  const on = findTop(out, rest, (token, index) => isWord(token, 'on') || endsJoin(out, token, index));
  if (!isWord(tokens[on], 'on')) return [];
  const condition = { from: on + 1, until: query.until };
  return [{ from: on + 1, until: findTop(out, condition, (token, index) => endsJoin(out, token, index)) }];
}

function isClause(token: Token): boolean {
  return token.kind === 'word' && (endsFrom.has(foldWord(token.text)) || isWord(token, 'qualify'));
}

function endsJoin({ tokens }: Outline, token: Token, at: number): boolean {
  if (isSymbol(token, ',') || isClause(token) || isWord(token, 'on')) return true;
  const word = token.kind === 'word' ? foldWord(token.text) : '';
  return joins.has(word) && !isSymbol(tokens[at + 1], '(');
}

const joins: ReadonlySet<string> = new Set('join inner left right full cross natural'.split(' '));

/** Which side of the window a comparison holds: the column from `from` on, or before `until`. */
function sideOf(
  out: Outline,
  range: Range,
  isIt: (range: Range) => boolean,
  edges: WindowEdges,
): 'lower' | 'upper' | undefined {
  const { tokens } = out;
  const at = findTop(out, range, (token) => token.kind === 'operator' && /^[<>]=?$/.test(token.text));
  const [left, right] = [
    { from: range.from, until: at },
    { from: at + 1, until: range.until },
  ];
  const turned = isIt(right);
  if (!turned && !isIt(left)) return undefined;
  const sign = tokens[at]?.text ?? '';
  const edge = turned ? left : right;
  if (sign.startsWith(turned ? '<' : '>')) return isBound(out, edge, edges.from) ? 'lower' : undefined;
  return sign === (turned ? '>' : '<') && isBound(out, edge, edges.until) ? 'upper' : undefined;
}

/** Whether a range is the input's column, perhaps as a date or timestamp. Unqualified it can be no other table's column. */
function isColumn(
  { tokens }: Outline,
  { from, until }: Range,
  place: TableRef,
  column: string,
  dialect: SqlDialect,
): boolean {
  const names: string[] = [];
  let at = from;
  for (; at < until && isName(tokens[at]); at += 2) {
    names.push(nameOf(tokens[at] as Token, dialect));
    if (!isSymbol(tokens[at + 1], '.')) break;
  }
  const qualifier = names.slice(0, -1).join('.');
  const own = place.alias === undefined ? ['', place.name, tableName(place)] : ['', place.alias];
  if (names.at(-1) !== column || !own.includes(qualifier)) return false;
  const cast = tokens.slice(at + 1, until);
  if (cast.length === 0) return true;
  return cast.length === 2 && cast[0]?.text === '::' && /^(date|timestamp|timestamptz)$/i.test(cast[1]?.text ?? '');
}

/** Whether a range is made of an edge and constants only: `'2021-12-21'::date - 13`, `dateadd(day, -1, '2021-12-21')`. */
function isBound({ tokens }: Outline, { from, until }: Range, edge: string): boolean {
  const parts = tokens.slice(from, until);
  const isConstant = (token: Token, at: number) => {
    if (token.kind !== 'word') return token.kind !== 'quoted' && token.kind !== 'unclosed' && token.text !== '.';
    const before = parts[at - 1];
    const after = parts[at + 1];
    if (before?.text === '::' || after?.kind === 'string' || before?.kind === 'string') return true;
    return isWord(token, 'dateadd') || (isSymbol(before, '(') && isWord(parts[at - 2], 'dateadd'));
  };
  return parts.some(({ text }) => text === edge) && parts.every(isConstant);
}
