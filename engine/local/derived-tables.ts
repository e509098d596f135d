import { isName } from '../sql/words.ts';
import { type Draft, topLevel } from './draft.ts';
import { endOfClause, isSetOperator, type Query } from './queries.ts';

/** Names queries in FROM that have none: PostgreSQL wants a name up to version 15, Redshift and later ones do not. */
export function nameDerivedTables(draft: Draft, queries: readonly Query[]): void {
  let named = 0;
  for (const arm of queries.flatMap((query) => query.arms)) {
    const from = arm.clauses.get('from');
    if (from === undefined) continue;
    for (const at of topLevel(draft, { from: from + 1, until: endOfClause(arm, from) })) {
      if (!draft.is(at, '(') || !beginsTable(draft, at) || !holdsQuery(draft, at)) continue;
      const close = draft.partner(at);
      if (close < 0 || hasName(draft, close + 1)) continue;
      named += 1;
      draft.after(close, ` as unnamed_${named}`);
    }
  }
}

const beginsTable = (draft: Draft, at: number): boolean =>
  draft.is(at - 1, ',') || /^(from|join|lateral)$/.test(draft.word(at - 1));

function holdsQuery(draft: Draft, at: number): boolean {
  let first = at + 1;
  while (draft.is(first, '(')) first += 1;
  return /^(select|with)$/.test(draft.word(first));
}

/** Words that may follow a table and are no name of it; PIVOT makes a table of its own. */
const follows = new Set(
  'on using join inner left right full cross natural where group having qualify order limit offset fetch'.split(' '),
);

function hasName(draft: Draft, at: number): boolean {
  const word = draft.word(at);
  return isName(draft.tokens[at]) && !follows.has(word) && !isSetOperator(draft, at);
}
