import { type NoLocalForm, openDraft } from './draft.ts';
import { rewriteCalls } from './functions.ts';
import { rewritePivots } from './pivot.ts';
import { readQueries } from './queries.ts';
import { refuseForeign } from './refusals.ts';
import { rewriteSpellings } from './spellings.ts';
import { rewriteQueries } from './top-and-qualify.ts';
import { rewriteTypes } from './types.ts';

export type { NoLocalForm } from './draft.ts';

/** A query of Redshift as PostgreSQL performs it; to be used only when there is nothing without a local form. */
export interface LocalSql {
  readonly text: string;
  readonly problems: readonly NoLocalForm[];
}

/**
 * Rewrites a query in Redshift's dialect for a PostgreSQL that has the functions of `prepareLocal`. Each token that stays
 * is on its line, so that an error's line is the author's. What is not known to mean the same is a problem, never a guess.
 */
export function toLocal(text: string): LocalSql {
  const draft = openDraft(text);
  const queries = readQueries(draft);
  refuseForeign(draft, queries);
  // From the whole to its parts: what is put at one place later stands nearer to it.
  rewriteQueries(draft, queries);
  rewritePivots(draft, queries);
  rewriteCalls(draft);
  rewriteTypes(draft);
  rewriteSpellings(draft);
  const problems = draft.problems.toSorted((a, b) => a.offset - b.offset);
  return { text: problems.length > 0 ? text : draft.finish(), problems };
}
