/** A name as a query uses it: `amount`, `s.amount`, `staging.stores.city`; folded. A last part `*` is the whole row. */
export interface Ref {
  readonly path: readonly string[];
  /** Offset in the author's text. */
  readonly at: number;
}

/** What an expression is made from. */
export interface Value {
  readonly refs: readonly Ref[];
  /** Subqueries whose columns are part of the value. */
  readonly queries: readonly Query[];
  /** Subqueries that only decide, such as EXISTS: no column of theirs is part of the value. */
  readonly conditions: readonly Query[];
}

/** A column of a SELECT list. */
export interface Item extends Value {
  readonly kind: 'item';
  /** As PostgreSQL calls the column. */
  readonly name: string;
  /** Whether the author wrote the name: an alias, or the column's own. Servers differ in what they call the others. */
  readonly written: boolean;
}

/** `*`, or `t.*` with its qualifier. */
export interface Star {
  readonly kind: 'star';
  readonly path: readonly string[];
  readonly at: number;
}

export interface Alias {
  readonly name: string;
  /** New names of the first columns; empty = they keep theirs. */
  readonly columns: readonly string[];
}

export interface TableItem {
  readonly kind: 'table';
  readonly path: readonly string[];
  readonly alias: Alias | undefined;
  readonly at: number;
  /** The table that the statement writes: its columns can be named, but nothing is read for being there. */
  readonly written: boolean;
}

/** Something of a FROM list. */
export type From =
  | TableItem
  | { readonly kind: 'query'; readonly query: Query; readonly alias: Alias | undefined; readonly lateral: boolean }
  | {
      readonly kind: 'join';
      readonly left: From;
      readonly right: From;
      /** Whose value a column of USING has. */
      readonly keeps: 'left' | 'right' | 'both';
      readonly using: readonly string[];
      /** What the columns of USING are called by, `USING (id) AS j`; empty where by nothing. */
      readonly usingName: string;
      readonly natural: boolean;
      readonly alias: Alias | undefined;
    }
  /** A function that gives rows. */
  | { readonly kind: 'function'; readonly name: string; readonly alias: Alias | undefined; readonly value: Value };

export interface Select {
  readonly kind: 'select';
  readonly from: readonly From[];
  readonly items: readonly (Item | Star)[];
  /** What decides over rows and makes no column: WHERE, ON, GROUP BY, HAVING, ORDER BY. */
  readonly rest: Value;
}

/** A name of a WITH. */
export interface WithName {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

/** A query with the names it brings: what its text says, before anything is known of tables. */
export interface Query {
  readonly names: readonly WithName[];
  readonly recursive: boolean;
  readonly body: Select | { readonly kind: 'set'; readonly left: Query; readonly right: Query };
}

/** One statement: a query, or one that writes what a query gives. */
export interface Shape {
  readonly query: Query;
  readonly target: { readonly path: readonly string[]; readonly columns: readonly string[] } | undefined;
}

export const nothing: Value = { refs: [], queries: [], conditions: [] };

/** The values put together. */
export function joined(values: readonly Value[]): Value {
  return {
    refs: values.flatMap(({ refs }) => refs),
    queries: values.flatMap(({ queries }) => queries),
    conditions: values.flatMap(({ conditions }) => conditions),
  };
}
