/** What a column holds, whatever the server calls it. `other` is text to us. */
export type ColumnKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'json'
  | 'other';

/** The name of a table or view. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

export interface RelationColumn {
  readonly name: string;
  /** As SQL would declare it: `numeric(18,2)`. */
  readonly type: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
}
