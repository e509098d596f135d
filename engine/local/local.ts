import { type KnownColumns, openColumns } from './columns.ts';
import { nameDerivedTables } from './derived-tables.ts';
import { type NoLocalForm, openDraft } from './draft.ts';
import { rewriteCalls } from './functions.ts';
import { inlineLateralAliases } from './lateral-aliases.ts';
import { checkPatterns } from './patterns.ts';
import { rewritePivots } from './pivot.ts';
import { readQueries } from './queries.ts';
import { refuseForeign } from './refusals.ts';
import { rewriteSpellings } from './spellings.ts';
import { rewriteQueries } from './top-and-qualify.ts';
import { readType, rewriteTypes } from './types.ts';

export type { KnownColumns } from './columns.ts';
export type { NoLocalForm } from './draft.ts';

/** A query of Redshift as PostgreSQL performs it; to be used only when there is nothing without a local form. */
export interface LocalSql {
  readonly text: string;
  readonly problems: readonly NoLocalForm[];
}

/**
 * Rewrites a query in Redshift's dialect for a PostgreSQL that has the functions of `prepareLocal`. Each token that stays
 * is on its line, so that an error's line is the author's. What is not known to mean the same is a problem, never a guess.
 * `known` tells of tables, where that helps.
 */
export function toLocal(text: string, known: KnownColumns = () => undefined): LocalSql {
  const draft = openDraft(text);
  const queries = readQueries(draft);
  refuseForeign(draft, queries);
  // From the whole to its parts: what is put at one place later stands nearer to it.
  rewriteQueries(draft, queries);
  const columns = openColumns(draft, queries, known);
  inlineLateralAliases(draft, queries, columns);
  rewritePivots(draft, columns);
  nameDerivedTables(draft, queries);
  rewriteCalls(draft);
  rewriteTypes(draft);
  checkPatterns(draft);
  rewriteSpellings(draft);
  const problems = draft.problems.toSorted((a, b) => a.offset - b.offset);
  return { text: problems.length > 0 ? text : draft.finish(), problems };
}

/** A type of Redshift as PostgreSQL calls it; what is none comes back as it is, for the server to judge. */
export function toLocalType(type: string): string {
  const draft = openDraft(type);
  return readType(draft, 0) === draft.tokens.length ? draft.finish() : type;
}

/** The columns that a query gives, in their order; undefined where they are not known for certain. */
export function columnsOf(text: string, known: KnownColumns): readonly string[] | undefined {
  const draft = openDraft(text);
  const queries = readQueries(draft);
  return openColumns(draft, queries, known).ofQuery({ from: 0, until: draft.tokens.length });
}
