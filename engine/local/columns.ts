import { endOfChain } from '../sql/table-ref.ts';
import { isName, nameOf, notAlias } from '../sql/words.ts';
import { type Draft, type Span, splitAtCommas } from './draft.ts';
import { type Arm, endOfClause, itemName, type Query, type WithName } from './queries.ts';

/** The columns of a table that is called by its schema, in their order; undefined where they are not known for certain. */
export type KnownColumns = (table: string) => readonly string[] | undefined;

/** What a FROM list gives under one name. */
export interface FromItem {
  readonly name: string | undefined;
  /** Undefined where they are not known for certain. */
  readonly columns: readonly string[] | undefined;
}

/** What a text tells of columns, together with what is known of tables. */
export interface Columns {
  /** Of the query in a span. */
  ofQuery(span: Span): readonly string[] | undefined;
  /** Of the table that the name at `first` to `last` is. */
  ofTable(first: number, last: number): readonly string[] | undefined;
  /** Of each table of a FROM list; undefined where the list holds what is not understood. */
  ofFrom(arm: Arm): readonly FromItem[] | undefined;
}

export function openColumns(draft: Draft, queries: readonly Query[], known: KnownColumns): Columns {
  const asked = new Set<number>();

  function ofQuery(span: Span): readonly string[] | undefined {
    const arm = queries.find((query) => query.span.from === span.from)?.arms[0];
    // A name of a recursive WITH reads itself.
    if (!arm || asked.has(span.from)) return undefined;
    asked.add(span.from);
    const lists = arm.items.map((item) => ofItem(arm, item));
    asked.delete(span.from);
    return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
  }

  /** An item of a SELECT list is one column, or for `*` and `t.*` those of tables. */
  function ofItem(arm: Arm, item: Span): readonly string[] | undefined {
    if (draft.tokens[item.until - 1]?.text !== '*') {
      const name = itemName(draft, item);
      return name === undefined ? undefined : [name];
    }
    const tables = ofFrom(arm);
    const first = draft.tokens[item.from];
    if (item.until - item.from === 1) {
      const lists = tables?.map(({ columns }) => columns);
      return lists?.every((list) => list !== undefined) ? lists.flat() : undefined;
    }
    if (item.until - item.from !== 3 || !isName(first) || !draft.is(item.from + 1, '.')) return undefined;
    return tables?.find(({ name }) => name === nameOf(first, 'redshift'))?.columns;
  }

  function ofFrom(arm: Arm): readonly FromItem[] | undefined {
    const from = arm.clauses.get('from');
    if (from === undefined) return [];
    const items: FromItem[] = [];
    let expected = true;
    for (let at = from + 1; at < endOfClause(arm, from); at++) {
      const word = draft.word(at);
      if (/^(using|natural|pivot|unpivot)$/.test(word)) return undefined;
      if (expected && !/^(lateral|only)$/.test(word)) {
        const item = readItem(at);
        if (!item) return undefined;
        items.push(item);
        at = item.end;
        expected = false;
      } else if (draft.is(at, ',') || word === 'join') expected = true;
      else if (draft.partner(at) > at) at = draft.partner(at);
    }
    return items;
  }

  /** A table or subquery of a FROM list, up to its alias. */
  function readItem(at: number): (FromItem & { readonly end: number }) | undefined {
    const wrapped = draft.is(at, '(');
    const last = wrapped ? draft.partner(at) : endOfChain(draft.tokens, at);
    const name = draft.tokens[last];
    if (last < 0 || (!wrapped && (!isName(name) || draft.is(last + 1, '(')))) return undefined;
    const span = { from: at + 1, until: last };
    if (wrapped && !queries.some((query) => query.span.from === span.from)) return undefined;
    const as = draft.word(last + 1) === 'as';
    const token = draft.tokens[as ? last + 2 : last + 1];
    const aliased = isName(token) && (as || token.kind === 'quoted' || !notAlias.has(draft.word(last + 1)));
    const end = aliased ? last + (as ? 2 : 1) : last;
    const named = aliased ? nameOf(token, 'redshift') : isName(name) ? nameOf(name, 'redshift') : undefined;
    if (aliased && draft.is(end + 1, '(')) {
      const list = splitAtCommas(draft, { from: end + 2, until: draft.partner(end + 1) });
      const columns = list.flatMap((part) => itemName(draft, part) ?? []);
      return { name: named, columns, end: draft.partner(end + 1) };
    }
    return { name: named, columns: wrapped ? ofQuery(span) : ofTable(at, last), end };
  }

  function ofTable(first: number, last: number): readonly string[] | undefined {
    const parts = draft.tokens
      .slice(first, last + 1)
      .flatMap((token) => (isName(token) ? [nameOf(token, 'redshift')] : []));
    if (parts.length > 1) return known(parts.slice(-2).join('.'));
    const found = findWithName(queries, parts[0] ?? '', last);
    return found && (found.columns ?? ofQuery(found.body));
  }

  return { ofQuery, ofTable, ofFrom };
}

/** The name of a WITH that a place can see: the nearest. */
function findWithName(queries: readonly Query[], name: string, at: number): WithName | undefined {
  return queries
    .filter(({ span }) => span.from <= at && at < span.until)
    .toReversed()
    .flatMap(({ names }) => names)
    .find((one) => one.name === name);
}
