import { isName, nameOf } from '../sql/words.ts';
import type { Columns } from './columns.ts';
import type { Draft, Span } from './draft.ts';
import { type Arm, aliasOf, type Query } from './queries.ts';

/**
 * `SELECT a + b AS c, c * 2 AS d`: an alias stands for its expression in the items after it, unless a table of the FROM list
 * has a column of that name ("SELECT list"). Where those columns are not all known, the name is left to the server.
 */
export function inlineLateralAliases(draft: Draft, queries: readonly Query[], columns: Columns): void {
  for (const { arms } of queries) {
    for (const arm of arms) {
      if (!repeatsAlias(draft, arm)) continue;
      const given = columns.ofFrom(arm)?.map((item) => item.columns);
      if (!given?.every((list) => list !== undefined)) continue;
      const taken = new Set(given.flat());
      const named = new Map<string, Span>();
      for (const item of arm.items) {
        const alias = aliasOf(draft, item);
        for (const [at, name] of bareNames(draft, queries, alias?.expression ?? item)) {
          const expression = taken.has(name) ? undefined : named.get(name);
          if (expression) draft.replace(at, () => `(${draft.copy(expression)})`);
        }
        if (alias) named.set(alias.name, alias.expression);
      }
    }
  }
}

/** Whether any alias of the list is spoken of again in it: mostly none is, and nothing more need be known. */
function repeatsAlias(draft: Draft, { items }: Arm): boolean {
  const before = new Set<string>();
  return items.some((item) => {
    const alias = aliasOf(draft, item);
    const repeats = bareNames(draft, [], alias?.expression ?? item).some(([, name]) => before.has(name));
    if (alias) before.add(alias.name);
    return repeats;
  });
}

/** The names of a span that may be columns, without those that stand in a query of their own. */
function bareNames(draft: Draft, queries: readonly Query[], { from, until }: Span): [number, string][] {
  const names: [number, string][] = [];
  for (let at = from; at < until; at++) {
    const inner = queries.find(({ span }) => span.from === at && span.from > from);
    if (inner) at = inner.span.until;
    const token = draft.tokens[at];
    if (!isName(token) || draft.is(at - 1, '.') || draft.is(at + 1, '.') || draft.is(at + 1, '(')) continue;
    if (draft.tokens[at - 1]?.text !== '::') names.push([at, nameOf(token, 'redshift')]);
  }
  return names;
}
