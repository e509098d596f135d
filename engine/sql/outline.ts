import { type SqlDialect, significant, type Token, tokenize } from './tokens.ts';
import { isSymbol, isWord } from './words.ts';

/** A text's significant tokens, each with how many parentheses, brackets and CASEs are open around it. */
export interface Outline {
  readonly tokens: readonly Token[];
  readonly depths: readonly number[];
}

/** The tokens from index `from` up to `until`. */
export interface Range {
  readonly from: number;
  readonly until: number;
}

export function outline(text: string, dialect: SqlDialect): Outline {
  const tokens = significant(tokenize(text, dialect));
  let depth = 0;
  const depths = tokens.map((token) => {
    if (isSymbol(token, '(') || isSymbol(token, '[') || isWord(token, 'case')) return depth++;
    if (isSymbol(token, ')') || isSymbol(token, ']') || isWord(token, 'end')) depth = Math.max(0, depth - 1);
    return depth;
  });
  return { tokens, depths };
}

/** The first token of a range, at the depth of its first one, that passes a test; else the range's end. */
export function findTop(
  { tokens, depths }: Outline,
  range: Range,
  test: (token: Token, at: number) => boolean,
): number {
  for (let at = range.from; at < range.until; at++) {
    const token = tokens[at];
    if (token && depths[at] === depths[range.from] && test(token, at)) return at;
  }
  return range.until;
}

/** What must all be true for a condition to be true; nothing where an OR stands on top. */
export function conjuncts(out: Outline, condition: Range): Range[] {
  const found: Range[] = [];
  const left = [condition];
  for (let range = left.pop(); range; range = left.pop()) {
    const parts = splitAtAnd(out, range);
    if (parts.length > 1) left.push(...parts);
    else if (isWrapped(out, range)) left.push({ from: range.from + 1, until: range.until - 1 });
    else found.push(...parts);
  }
  return found;
}

/** The parts between the ANDs on top that are none of a BETWEEN; no part where there is an OR. */
function splitAtAnd(out: Outline, { from, until }: Range): Range[] {
  const parts: Range[] = [];
  let start = from;
  let between = false;
  const or = findTop(out, { from, until }, (token, at) => {
    if (isWord(token, 'between')) between = true;
    else if (isWord(token, 'and')) {
      if (!between) {
        parts.push({ from: start, until: at });
        start = at + 1;
      }
      between = false;
    }
    return isWord(token, 'or');
  });
  return or < until || from >= until ? [] : [...parts, { from: start, until }];
}

function isWrapped(out: Outline, { from, until }: Range): boolean {
  if (!isSymbol(out.tokens[from], '(') || !isSymbol(out.tokens[until - 1], ')')) return false;
  return findTop(out, { from, until }, (_, at) => at > from) === until - 1;
}
