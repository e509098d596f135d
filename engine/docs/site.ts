import type { RunRow } from '../record/run-history.ts';
import type { Place } from './layout.ts';

/** One column of a table. */
export interface DocumentedColumn {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  /** The columns it is made from, `schema.table.column`; left out where nobody knows. */
  readonly from?: readonly string[];
  /** Set where it may be made from more than that, because not all columns are known. */
  readonly partial?: boolean;
}

/** How a table stands, day by day, one sign a day from `first` on: see `dayMarks`. */
export interface DocumentedDays {
  readonly first: string;
  readonly marks: string;
}

/** A table, report or dag with all that its page shows. */
export interface DocumentedNode {
  readonly name: string;
  readonly kind: 'model' | 'source' | 'seed' | 'report';
  readonly path: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly reads: readonly string[];
  /** What its file says besides, in words: `['grain', 'day']`. */
  readonly facts: readonly (readonly [string, string])[];
  readonly columns: readonly DocumentedColumn[];
  readonly audits: readonly string[];
  readonly tests: readonly string[];
  readonly sql?: string;
  readonly days?: DocumentedDays;
  readonly at: Place;
}

/** All that the site shows: it becomes its data file as it is. */
export interface Site {
  readonly project: string;
  readonly target: string;
  readonly timezone: string;
  /** When it was made, ISO. */
  readonly made: string;
  /** Whether the databases were asked. */
  readonly live: boolean;
  readonly nodes: readonly DocumentedNode[];
  readonly runs: readonly RunRow[];
}

/** The data file: a script, because a page opened from a folder may not read a file in any other way. */
export function dataScript(site: Site): string {
  // Neither a closing tag nor a comment of HTML can begin in it, whatever the texts are.
  return `window.site = ${JSON.stringify(site).replaceAll('<', '\\u003c')};\n`;
}
