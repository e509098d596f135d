import { isName, nameOf, notAlias } from '../sql/words.ts';
import type { Columns } from './columns.ts';
import { type Draft, findTop, type Span, splitAtCommas } from './draft.ts';
import { aliasOf } from './queries.ts';

/** PIVOT and UNPIVOT: the rows of a subquery or WITH name, grouped or taken apart by a query around it. */
export function rewritePivots(draft: Draft, known: Columns): void {
  for (let at = 0; at < draft.tokens.length; at++) {
    const word = draft.word(at);
    if ((word !== 'pivot' && word !== 'unpivot') || draft.is(at - 1, '.')) continue;
    const nulls = /^(include|exclude)$/.test(draft.word(at + 1)) && draft.word(at + 2) === 'nulls';
    const open = nulls ? at + 3 : at + 1;
    const close = draft.partner(open);
    if (!draft.is(open, '(') || close < 0) continue;
    const pivot: Pivot = { at, close, inside: { from: open + 1, until: close }, input: readInput(draft, known, at) };
    if (!pivot.input.columns) {
      const hint = `Name its columns: FROM (SELECT a, b FROM t) ${word.toUpperCase()} (..).`;
      draft.refuse(at, `${word.toUpperCase()} has a local form only where the columns of its input are named`, hint);
    } else if (word === 'pivot') rewritePivot(draft, pivot, pivot.input.columns);
    else rewriteUnpivot(draft, pivot, pivot.input.columns, draft.word(at + 1) === 'include');
  }
}

interface Input {
  readonly span: Span;
  /** What its columns are called by; undefined where it has no alias. */
  readonly alias: string | undefined;
  readonly columns: readonly string[] | undefined;
}

interface Pivot {
  readonly at: number;
  readonly close: number;
  readonly inside: Span;
  readonly input: Input;
}

/** The table reference that ends before a token. */
function readInput(draft: Draft, known: Columns, until: number): Input {
  let last = until - 1;
  let alias: string | undefined;
  const before = draft.tokens[last - 1];
  const as = draft.word(last - 1) === 'as';
  const aliased = as || draft.is(last - 1, ')') || (isName(before) && !notAlias.has(draft.word(last - 1)));
  const token = draft.tokens[last];
  if (isName(token) && aliased) {
    alias = nameOf(token, 'redshift');
    last -= as ? 2 : 1;
  }
  if (draft.is(last, ')')) {
    const from = draft.partner(last);
    return { span: { from, until }, alias, columns: known.ofQuery({ from: from + 1, until: last }) };
  }
  const name = draft.tokens[last];
  let from = last;
  while (draft.is(from - 1, '.')) from -= 2;
  if (!isName(name)) return { span: { from, until }, alias, columns: undefined };
  const columns = known.ofTable(from, last);
  return { span: { from, until }, alias: alias ?? nameOf(name, 'redshift'), columns };
}

function rewritePivot(draft: Draft, pivot: Pivot, columns: readonly string[]) {
  const found = readBody(draft, pivot.inside);
  if (!found) return draft.refuse(pivot.at, 'PIVOT takes aggregate(..) FOR column IN (..)');
  const { head, column, list } = found;
  const aggregate = aliasOf(draft, head) ?? { name: undefined, expression: head };
  const call = readAggregate(draft, aggregate.expression);
  if (!call) return draft.refuse(head.from, 'PIVOT takes one of COUNT, SUM, MIN, MAX and AVG');
  const used = new Set([column, ...namesIn(draft, call.inside)]);
  const kept = columns.filter((name) => !used.has(name)).map(quoted);
  const cells = list.flatMap((item) => {
    const named = aliasOf(draft, item) ?? { name: constantName(draft, item), expression: item };
    if (named.name === undefined) draft.refuse(item.from, 'this value of PIVOT needs a name: AS ..');
    return { ...named, name: [named.name, aggregate.name].filter((part) => part !== undefined).join('_') };
  });
  const cell = ({ name, expression }: { readonly name: string; readonly expression: Span }): string => {
    const value = draft.copy(expression);
    const test = value.toLowerCase() === 'null' ? `${quoted(column)} is null` : `${quoted(column)} = ${value}`;
    return `${call.over(draft.copy(call.inside), `filter (where ${test})`)} as ${quoted(name)}`;
  };
  around(
    draft,
    pivot,
    () => [...kept, ...cells.map(cell)].join(', '),
    kept.length > 0 ? ` group by ${kept.join(', ')}` : '',
  );
}

function rewriteUnpivot(draft: Draft, pivot: Pivot, columns: readonly string[], withNulls: boolean) {
  const found = readBody(draft, pivot.inside);
  const value = found && draft.tokens[found.head.from];
  if (!found || !isName(value)) return draft.refuse(pivot.at, 'UNPIVOT takes value FOR name IN (..)');
  const items = found.list.map((item) => aliasOf(draft, item) ?? { name: undefined, expression: item });
  const pairs = items.map(({ name, expression }) => {
    const column = nameOf(draft.tokens[expression.until - 1] ?? value, 'redshift');
    return { column, name: name ?? column };
  });
  const input = quoted(pivot.input.alias ?? unnamed);
  const kept = columns
    .filter((name) => pairs.every((pair) => pair.column !== name))
    .map((name) => `${input}.${quoted(name)}`);
  const rows = pairs.map(({ column, name }) => `('${name.replaceAll("'", "''")}', ${input}.${quoted(column)})`);
  const [name, cell] = [quoted(found.column), quoted(nameOf(value, 'redshift'))];
  const apart = ` cross join lateral (values ${rows.join(', ')}) as unpivoted (${name}, ${cell})`;
  const rest = withNulls ? '' : ` where unpivoted.${cell} is not null`;
  around(draft, pivot, () => [...kept, `unpivoted.${name}`, `unpivoted.${cell}`].join(', '), `${apart}${rest}`);
}

/** Puts a query around the input, in the place of the PIVOT behind it. */
function around(draft: Draft, { at, close, input }: Pivot, list: () => string, rest: string): void {
  draft.hide({ from: at, until: close + 1 });
  draft.before(input.span.from, () => `(select ${list()} from `);
  const next = draft.tokens[close + 1];
  const named = draft.word(close + 1) === 'as' || (isName(next) && !notAlias.has(draft.word(close + 1)));
  const alias = input.alias === undefined ? ` as ${unnamed}` : '';
  draft.after(input.span.until - 1, `${alias}${rest})${named ? '' : ' as pivoted'}`);
}

const unnamed = 'unnamed';

/** `head FOR column IN (list)`. */
function readBody(draft: Draft, inside: Span) {
  const at = findTop(draft, inside, (token) => draft.word(token) === 'for');
  const token = at === undefined ? undefined : draft.tokens[at + 1];
  if (at === undefined || !isName(token) || draft.word(at + 2) !== 'in' || draft.partner(at + 3) !== inside.until - 1)
    return undefined;
  const list = splitAtCommas(draft, { from: at + 4, until: inside.until - 1 });
  return { head: { from: inside.from, until: at }, column: nameOf(token, 'redshift'), list };
}

function readAggregate(draft: Draft, { from, until }: Span) {
  const name = draft.word(from);
  if (!/^(count|sum|min|max|avg)$/.test(name) || draft.partner(from + 1) !== until - 1) return undefined;
  const inside = { from: from + 2, until: until - 1 };
  const over = (argument: string, filter: string) =>
    name === 'avg'
      ? `redshift.average(sum(${argument}) ${filter}, count(${argument}) ${filter})`
      : `${name}(${argument}) ${filter}`;
  return { inside, over };
}

function namesIn(draft: Draft, { from, until }: Span): string[] {
  return draft.tokens.slice(from, until).flatMap((token) => (isName(token) ? [nameOf(token, 'redshift')] : []));
}

/** A constant's column is called by the constant. */
function constantName(draft: Draft, { from, until }: Span): string | undefined {
  const token = draft.tokens[from];
  if (until - from !== 1 || !token) return undefined;
  if (token.kind === 'string') return token.text.slice(1, -1).replaceAll("''", "'");
  return token.kind === 'number' || draft.word(from) === 'null' ? token.text.toLowerCase() : undefined;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
