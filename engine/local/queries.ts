import { isName, nameOf } from '../sql/words.ts';
import { type Draft, type Span, splitAtCommas, topLevel } from './draft.ts';

/** A name of a WITH and the query in its parentheses. */
export interface WithName {
  readonly name: string;
  /** Where the author names the columns. */
  readonly columns: readonly string[] | undefined;
  readonly body: Span;
}

/** One SELECT of a query, the arms of UNION and its like apart. */
export interface Arm {
  /** From the word SELECT to the end of its last clause; ORDER BY and LIMIT behind the last arm of a UNION are not its own. */
  readonly span: Span;
  /** Where each clause begins: `from where group having qualify order limit offset fetch`. */
  readonly clauses: ReadonlyMap<string, number>;
  readonly distinct: number | undefined;
  /** The items of the SELECT list. */
  readonly items: readonly Span[];
}

/** A query: the whole text, or what stands in a pair of parentheses. */
export interface Query {
  readonly span: Span;
  readonly names: readonly WithName[];
  /** How many arms there are, those in parentheses of their own included. */
  readonly armCount: number;
  /** The arms that are a SELECT here. */
  readonly arms: readonly Arm[];
}

/** All queries of a text, outer ones first. */
export function readQueries(draft: Draft): Query[] {
  const { tokens } = draft;
  let end = tokens.length;
  while (draft.is(end - 1, ';')) end--;
  const spans: Span[] = [{ from: 0, until: end }];
  for (let at = 0; at < end; at++) {
    if (!draft.is(at, '(')) continue;
    let first = at + 1;
    while (draft.is(first, '(')) first++;
    const word = draft.word(first);
    if (word === 'select' || word === 'with') spans.push({ from: at + 1, until: Math.max(draft.partner(at), at + 1) });
  }
  return spans.map((span) => readQuery(draft, span));
}

/** What an item of a SELECT list is called: its alias, or the column it is. */
export function itemName(draft: Draft, item: Span): string | undefined {
  const last = draft.tokens[item.until - 1];
  if (!isName(last)) return undefined;
  const name = nameOf(last, 'redshift');
  if (item.until - item.from === 1 || aliasOf(draft, item)) return name;
  const chain = draft.tokens
    .slice(item.from, item.until)
    .every((token, at) => (at % 2 ? token.text === '.' : isName(token)));
  return chain ? name : undefined;
}

/** An item's alias: its name and the expression before it. */
export function aliasOf(draft: Draft, item: Span): { readonly name: string; readonly expression: Span } | undefined {
  const at = item.until - 1;
  const last = draft.tokens[at];
  if (at <= item.from || !isName(last) || draft.is(at - 1, '.')) return undefined;
  const as = draft.word(at - 1) === 'as';
  // Without AS, an alias follows what ends an operand.
  if (!as && (endsExpression.has(draft.word(at)) || !endsOperand(draft, at - 1))) return undefined;
  return { name: nameOf(last, 'redshift'), expression: { from: item.from, until: as ? at - 1 : at } };
}

/** Words that are the last of an expression and no alias: `x::double precision`, `CASE .. END`. */
const endsExpression = new Set('end precision varying zone isnull notnull'.split(' '));

/** Words after which an operand still comes. */
const leadsOn = new Set(
  (
    'and or not is in like ilike between case when then else to escape from zone similar distinct all any some interval ' +
    'collate over'
  ).split(' '),
);

function endsOperand(draft: Draft, at: number): boolean {
  const token = draft.tokens[at];
  if (token?.kind === 'word') return !leadsOn.has(draft.word(at));
  return (
    token?.kind === 'quoted' ||
    token?.kind === 'string' ||
    token?.kind === 'number' ||
    /^[)\]]$/.test(token?.text ?? '')
  );
}

function readQuery(draft: Draft, span: Span): Query {
  const { names, at: start } = readNames(draft, span);
  const edges: number[] = [];
  for (const at of topLevel(draft, { from: start, until: span.until })) if (isSetOperator(draft, at)) edges.push(at);
  const arms: Arm[] = [];
  const starts = [start, ...edges.map((at) => afterSetOperator(draft, at))];
  for (const [index, from] of starts.entries()) {
    const until = edges[index] ?? span.until;
    if (draft.word(from) === 'select') arms.push(readArm(draft, { from, until }, starts.length > 1));
  }
  return { span, names, armCount: starts.length, arms };
}

function readNames(draft: Draft, span: Span): { readonly names: WithName[]; readonly at: number } {
  const names: WithName[] = [];
  if (draft.word(span.from) !== 'with') return { names, at: span.from };
  let at = span.from + (draft.word(span.from + 1) === 'recursive' ? 2 : 1);
  for (;;) {
    const token = draft.tokens[at];
    if (!isName(token)) return { names, at };
    let columns: string[] | undefined;
    let next = at + 1;
    if (draft.is(next, '(')) {
      const list = splitAtCommas(draft, { from: next + 1, until: draft.partner(next) });
      columns = list.flatMap((part) => itemName(draft, part) ?? []);
      next = draft.partner(next) + 1;
    }
    while (/^(as|not|materialized)$/.test(draft.word(next))) next++;
    const close = draft.partner(next);
    if (!draft.is(next, '(') || close < 0) return { names, at };
    names.push({ name: nameOf(token, 'redshift'), columns, body: { from: next + 1, until: close } });
    if (!draft.is(close + 1, ',')) return { names, at: close + 1 };
    at = close + 2;
  }
}

/** Whether a set operator stands here: MINUS is one only before a query. */
export function isSetOperator(draft: Draft, at: number): boolean {
  const word = draft.word(at);
  if (draft.is(at - 1, '.')) return false;
  if (word === 'union' || word === 'intersect' || word === 'except') return true;
  return word === 'minus' && (/^(select|all|distinct)$/.test(draft.word(at + 1)) || draft.is(at + 1, '('));
}

const afterSetOperator = (draft: Draft, at: number): number =>
  /^(all|distinct)$/.test(draft.word(at + 1)) ? at + 2 : at + 1;

const clauseWords = new Set('from where group having qualify order limit offset fetch'.split(' '));

function readArm(draft: Draft, span: Span, oneOfMany: boolean): Arm {
  const clauses = new Map<string, number>();
  for (const at of topLevel(draft, { from: span.from + 1, until: span.until })) {
    const word = draft.word(at);
    if (clauseWords.has(word) && !clauses.has(word) && isClause(draft, at, word)) clauses.set(word, at);
  }
  const tail = ['order', 'limit', 'offset', 'fetch'].flatMap((word) => clauses.get(word) ?? []);
  const until = oneOfMany ? Math.min(span.until, ...tail) : span.until;
  for (const [word, at] of clauses) if (at >= until) clauses.delete(word);
  const head = afterHead(draft, span.from);
  const list = { from: head.at, until: Math.min(until, ...clauses.values()) };
  return { span: { from: span.from, until }, clauses, distinct: head.distinct, items: splitAtCommas(draft, list) };
}

function isClause(draft: Draft, at: number, word: string): boolean {
  const before = draft.word(at - 1);
  if (draft.is(at - 1, '.') || draft.is(at + 1, '.') || before === 'as') return false;
  if (word === 'group') return draft.word(at + 1) === 'by';
  if (word === 'order') return draft.word(at + 1) === 'by';
  if (word === 'from') return !(before === 'distinct' && /^(is|not)$/.test(draft.word(at - 2)));
  return !draft.is(at + 1, ',') && !draft.is(at + 1, ')');
}

/** Passes SELECT, TOP n, ALL and DISTINCT. */
function afterHead(draft: Draft, select: number): { readonly at: number; readonly distinct: number | undefined } {
  let distinct: number | undefined;
  let at = select + 1;
  for (;;) {
    if (isTop(draft, at)) at += 2;
    else if (draft.word(at) === 'distinct') distinct = at++;
    else if (draft.word(at) === 'all') at++;
    else return { at, distinct };
  }
}

/** Whether `TOP 10` stands here. */
export const isTop = (draft: Draft, at: number): boolean =>
  draft.word(at) === 'top' && draft.tokens[at + 1]?.kind === 'number';

/** Where a clause ends: where the next of its arm begins. */
export function endOfClause({ clauses, span }: Arm, at: number): number {
  return Math.min(span.until, ...[...clauses.values()].filter((other) => other > at));
}
