/**
 * What a column holds, as renderers need to know it. `text` keeps every character; `integer` and `decimal` are exact
 * decimal text; `date` is `YYYY-MM-DD`; `timestamp` is ISO text.
 */
export type ColumnType = 'text' | 'integer' | 'decimal' | 'date' | 'timestamp' | 'boolean';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Exact text, or null for "not known". Numbers are never JavaScript numbers here: `0.1 + 0.2` must not reach a page. */
export type Cell = string | boolean | null;

/** The rows of one dataset of one slot, in the query's own order. */
export interface Dataset {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Datasets by name, all read in one snapshot. */
export type Datasets = ReadonlyMap<string, Dataset>;
