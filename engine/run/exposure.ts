import type { Place } from '../fault.ts';

/** What reads the project's tables from outside the engine: a report. */
export interface Exposure {
  readonly name: string;
  /** Path from the project's root. */
  readonly path: string;
  /** Tables that it reads, `schema.name`. */
  readonly reads: readonly string[];
  readonly owners: readonly string[];
  /** What it asks, where the module tells: for the lineage of columns and their mistakes. */
  readonly queries?: readonly {
    readonly name: string;
    /** Path from the project's root; the SQL is line for line the file's. */
    readonly file: string;
    /** As the target performs it. */
    readonly sql: string;
  }[];
  /** Columns of those queries that it names in other files, each where it does. */
  readonly columns?: readonly { readonly query: string; readonly column: string; readonly place: Place }[];
}
