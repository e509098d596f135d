import { isName, nameOf } from '../sql/words.ts';
import type { Draft, Span } from './draft.ts';
import { type Arm, aliasOf, endOfClause, isSetOperator, isTop, type Query } from './queries.ts';

/** TOP, QUALIFY and MINUS: what a SELECT says that PostgreSQL says elsewhere or otherwise. */
export function rewriteQueries(draft: Draft, queries: readonly Query[]): void {
  for (const query of queries) {
    for (const arm of query.arms) {
      const top = isTop(draft, arm.span.from + 1) ? arm.span.from + 1 : undefined;
      const qualify = arm.clauses.get('qualify');
      // An arm of a UNION with a LIMIT or ORDER BY of its own stands in parentheses.
      if (query.armCount > 1 && (top ?? qualify) !== undefined) {
        draft.before(arm.span.from, '(');
        draft.after(arm.span.until - 1, ')');
      }
      if (top !== undefined) rewriteTop(draft, arm, top);
      if (qualify !== undefined) rewriteQualify(draft, arm, qualify);
    }
  }
  for (let at = 0; at < draft.tokens.length; at++) if (isSetOperator(draft, at)) rewriteSetOperator(draft, at);
}

/** `SELECT TOP n` becomes LIMIT n. */
function rewriteTop(draft: Draft, arm: Arm, top: number): void {
  draft.hide({ from: top, until: top + 2 });
  if (arm.clauses.has('limit')) draft.refuse(top, 'TOP and LIMIT cannot be used in one query');
  draft.after(arm.span.until - 1, ` limit ${draft.tokens[top + 1]?.text ?? ''}`);
}

/**
 * QUALIFY becomes a sort key that is a set: one row where the condition holds, none where it does not, which takes the row
 * away after the window functions and before LIMIT. So it stays where it stands, and a `*` needs no names of columns.
 */
function rewriteQualify(draft: Draft, arm: Arm, qualify: number): void {
  const order = arm.clauses.get('order');
  const condition = { from: qualify + 1, until: endOfClause(arm, qualify) };
  draft.replace(qualify, 'order by generate_series(1, (');
  if (arm.distinct !== undefined) {
    draft.replace(arm.span.from, 'select distinct * from (select');
    draft.hide({ from: arm.distinct, until: arm.distinct + 1 });
    draft.after(condition.until - 1, ')::int)) as qualified');
  } else {
    draft.after(condition.until - 1, ')::int)');
    if (order !== undefined) {
      draft.replace(order, ',');
      draft.hide({ from: order + 1, until: order + 2 });
    }
  }
  inlineAliases(draft, arm, condition);
}

/** Aliases of the SELECT list stand for what they name: a sort key's expression cannot speak of them. */
function inlineAliases(draft: Draft, arm: Arm, condition: Span): void {
  const named = new Map(
    arm.items.flatMap((item) => {
      const alias = aliasOf(draft, item);
      return alias ? [[alias.name, alias.expression]] : [];
    }),
  );
  for (let at = condition.from; at < condition.until; at++) {
    const token = draft.tokens[at];
    if (!isName(token) || draft.is(at - 1, '.') || draft.is(at + 1, '.') || draft.is(at + 1, '(')) continue;
    const expression = named.get(nameOf(token, 'redshift'));
    if (expression) draft.replace(at, () => `(${draft.copy(expression)})`);
  }
}

function rewriteSetOperator(draft: Draft, at: number): void {
  const word = draft.word(at);
  if (word === 'minus') draft.replace(at, 'except');
  if (word !== 'union' && draft.word(at + 1) === 'all') draft.refuse(at, `Redshift has no ${word.toUpperCase()} ALL`);
}
