import { createHash } from 'node:crypto';
import type { EditionFacts } from '../ledger/editions.ts';
import type { SlotQueries } from './queries.ts';

/** A headline figure as it was sent and as it is now; exact text, null where there is none. */
export interface ChangedFigure {
  readonly name: string;
  readonly old: string | null;
  readonly now: string | null;
}

/**
 * What became of an edition's numbers. `changed` without figures: rows have changed, and no headline figure with them.
 */
export type Restatement =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly figures: readonly ChangedFigure[] }
  | { readonly kind: 'not-comparable'; readonly reason: string };

/** Compares what was sent with what the same queries give now. Equal rows are the same, whoever rebuilt them how often. */
export function compareEditions(sent: EditionFacts, now: EditionFacts): Restatement {
  if (sent.headline === undefined || sent.queriesSha256 === undefined) {
    return { kind: 'not-comparable', reason: 'it was sent before figures were kept' };
  }
  if (sent.rowsSha256 === now.rowsSha256) return { kind: 'same' };
  if (sent.queriesSha256 !== now.queriesSha256) {
    return { kind: 'not-comparable', reason: 'its queries have changed since' };
  }
  const after = now.headline ?? {};
  const names = [...new Set([...Object.keys(sent.headline), ...Object.keys(after)])];
  const before = sent.headline;
  const figures = names
    .map((name) => ({ name, old: before[name] ?? null, now: after[name] ?? null }))
    .filter(({ old, now: latest }) => old !== latest);
  return { kind: 'changed', figures };
}

/** The same for the same dataset queries of the same days; white space counts. */
export function queriesHash({ datasets }: Pick<SlotQueries, 'datasets'>): string {
  return createHash('sha256')
    .update(JSON.stringify(datasets.map(({ name, sql }) => [name, sql])))
    .digest('hex');
}
