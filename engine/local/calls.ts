import { isName, nameOf } from '../sql/words.ts';
import { type Draft, findTop, type Span, splitAtCommas } from './draft.ts';

/** What stands in OVER's parentheses. */
export interface Over {
  readonly open: number;
  readonly close: number;
  readonly order: number | undefined;
  readonly frame: number | undefined;
}

/** A function's call with all that belongs to it. */
export interface Call {
  /** The folded name. */
  readonly name: string;
  /** The token of the name. */
  readonly at: number;
  readonly open: number;
  readonly close: number;
  /** The arguments, without DISTINCT before and IGNORE NULLS behind them. */
  readonly args: readonly Span[];
  /** All between the parentheses. */
  readonly inside: Span;
  readonly distinct: number | undefined;
  /** The words IGNORE NULLS or RESPECT NULLS. */
  readonly nulls: { readonly ignore: boolean; readonly span: Span } | undefined;
  /** WITHIN GROUP (ORDER BY ..): the span of all of it, and of the sort list. */
  readonly within: { readonly span: Span; readonly order: Span } | undefined;
  readonly over: Over | undefined;
  /** The last token. */
  readonly end: number;
}

/** Words before a parenthesis that call nothing. */
const notCalls = new Set(
  (
    'in exists values and or not any all some over filter group by as on using when then else case end select from where ' +
    'having join inner left right full cross natural union except minus intersect limit offset between like ilike similar ' +
    'to is escape with recursive materialized distinct top qualify within pivot unpivot nulls lateral sets rollup cube ' +
    'only rows range order partition returning interval array row table return set into exclude'
  ).split(' '),
);

/** LEFT and RIGHT are joins and functions. */
const bothWays = new Set(['left', 'right']);

/** The call that begins at a token, if one does. */
export function readCall(draft: Draft, at: number): Call | undefined {
  const token = draft.tokens[at];
  const open = at + 1;
  const close = draft.partner(open);
  if (!isName(token) || !draft.is(open, '(') || close < 0 || draft.is(at - 1, '.')) return undefined;
  const word = draft.word(at);
  if (notCalls.has(word) && !bothWays.has(word)) return undefined;
  if (isAlias(draft, at) || isWithName(draft, at, close) || isType(draft, at)) return undefined;

  const distinct = /^(distinct|all)$/.test(draft.word(open + 1)) ? open + 1 : undefined;
  let until = close;
  let nulls = readNulls(draft, close - 2, close);
  if (nulls) until = nulls.span.from;
  let end = close;
  const within = readWithin(draft, end + 1);
  if (within) end = within.span.until - 1;
  const outside = readNulls(draft, end + 1, end + 3);
  if (outside) end = outside.span.until - 1;
  nulls ??= outside;
  const over = readOver(draft, end + 1);
  if (over) end = over.close;
  const args = splitAtCommas(draft, { from: distinct === undefined ? open + 1 : open + 2, until });
  const inside = { from: open + 1, until: close };
  const isDistinct = distinct !== undefined && draft.word(distinct) === 'distinct';
  return {
    name: nameOf(token, 'redshift'),
    at,
    open,
    close,
    args,
    inside,
    distinct: isDistinct ? distinct : undefined,
    nulls,
    within,
    over,
    end,
  };
}

/** `t(a, b)`, `AS t(a, b)`: names after a table. */
function isAlias(draft: Draft, at: number): boolean {
  const before = draft.tokens[at - 1];
  if (before === undefined) return false;
  if (before.kind === 'quoted' || draft.is(at - 1, ')')) return true;
  const word = draft.word(at - 1);
  return before.kind === 'word' && (word === 'as' || (!notCalls.has(word) && !precedesOperand.has(word)));
}

const precedesOperand = new Set(
  'approximate then else when and or not is in like from select where on having by distinct all case between limit offset'.split(
    ' ',
  ),
);

/** `name(columns) AS (`: a name of a WITH. */
const isWithName = (draft: Draft, at: number, close: number): boolean =>
  /^(with|recursive)$/.test(draft.word(at - 1)) ||
  (draft.is(at - 1, ',') && draft.word(close + 1) === 'as' && draft.is(close + 2, '('));

/** `x::numeric(10, 2)`, `CONVERT(numeric(10, 2), x)`: the type's own parenthesis. */
const isType = (draft: Draft, at: number): boolean =>
  draft.tokens[at - 1]?.text === '::' || (draft.is(at - 1, '(') && draft.word(at - 2) === 'convert');

function readNulls(draft: Draft, at: number, until: number): Call['nulls'] {
  const word = draft.word(at);
  if (!/^(ignore|respect)$/.test(word) || draft.word(at + 1) !== 'nulls' || at + 2 !== until) return undefined;
  return { ignore: word === 'ignore', span: { from: at, until: at + 2 } };
}

function readWithin(draft: Draft, at: number): Call['within'] {
  const close = draft.partner(at + 2);
  if (draft.word(at) !== 'within' || draft.word(at + 1) !== 'group' || close < 0) return undefined;
  return { span: { from: at, until: close + 1 }, order: { from: at + 5, until: close } };
}

function readOver(draft: Draft, at: number): Over | undefined {
  const open = at + 1;
  const close = draft.partner(open);
  if (draft.word(at) !== 'over' || !draft.is(open, '(') || close < 0) return undefined;
  const inside = { from: open + 1, until: close };
  const find = (words: RegExp) => findTop(draft, inside, (token) => words.test(draft.word(token)));
  return { open, close, order: find(/^order$/), frame: find(/^(rows|range|groups)$/) };
}
