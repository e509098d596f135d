import type { ColumnKind, RelationColumn, RelationName } from './relation.ts';
import type { Statement } from './statement.ts';

/** Who may do what with a relation. */
export interface Grant {
  readonly grantee: string;
  readonly kind: 'public' | 'user' | 'group' | 'role';
  readonly privilege: string;
  readonly grantable: boolean;
}

/** How a table lies on the nodes of a warehouse that has several. Written in a model's header; nothing to PostgreSQL. */
export interface TableLayout {
  /** `even`, `all`, `auto`, or the column by whose values rows are spread. */
  readonly dist?: string;
  readonly sort?: readonly string[];
  readonly interleaved?: boolean;
  /** Compression by column. */
  readonly encode?: Readonly<Record<string, string>>;
}

/** A column of a table that is about to be made. */
export interface NewColumn {
  readonly name: string;
  /** As SQL declares it; ours to write, never data. */
  readonly type: string;
  readonly notNull?: boolean;
}

/**
 * Where the SQL of warehouses differs, all of it: what the engine sends besides is the same for every one. Statements are
 * values; which of them to send is decided elsewhere.
 */
export interface Dialect {
  readonly name: 'postgres' | 'redshift';

  /** Words that need quotes where they are names, and do not everywhere. */
  readonly reserved: ReadonlySet<string>;
  /** Shows people the text of statements, so that a comment in them tells whose they are. */
  readonly comments: boolean;
  /** Has indexes. */
  readonly indexes: boolean;
  /** A view holds on to the tables it reads: they can be neither dropped nor put another in their place. */
  readonly bindsViews: boolean;
  /** A column's type can be changed in place, a table put into another schema, a stage kept out of the server's log. */
  readonly alters: boolean;
  /** The catalogue can be read in a statement that writes a table. */
  readonly catalogueInWrites: boolean;

  /** This moment by the server's clock; good in statements that touch tables, to be read in a session of UTC. */
  readonly now: Statement;
  /** The type of texts as long as the server allows. */
  readonly longText: string;

  /** Waits for a table and holds it to the transaction's end: nobody else writes it meanwhile. */
  lockTable(table: RelationName): Statement;
  /** Only one transaction at a time defines a relation of this name, there or not. `schema` is that of the record. */
  lockDefinition(name: RelationName, schema: string): Statement;
  /** The table behind `lockDefinition`, where one is needed. */
  readonly definitionsTable: string | undefined;

  /** A value as text. */
  text(value: Statement, kind: ColumnKind): Statement;
  /** A text to be ordered by its bytes. */
  byBytes(text: Statement): Statement;
  /** A row's hash, a bigint: of equal rows equal, of others not but by a chance in 2^64. */
  rowHash(columns: readonly Pick<RelationColumn, 'name' | 'kind' | 'type'>[]): Statement;
  /** As `rowHash`, from the text of a row: as it is kept and compared years later. */
  rowTextHash(columns: readonly Pick<RelationColumn, 'name' | 'kind'>[]): Statement;
  /** The number, from 1, of the window that a time is in; before the first 0, after the last their count; null for null. */
  windowNumber(time: Statement, edges: readonly Statement[]): Statement;

  /** Makes, in the record's schema, what the two below need; undefined where the server has it. */
  makeReader(schema: string): Statement | undefined;
  /** Whether a text cannot be read as a value of a type; null, which is nothing to read, can. `schema` is that of the record. */
  isUnreadable(text: Statement, type: string, schema: string): Statement;
  /** Why it cannot. */
  whyUnreadable(text: Statement, type: string, schema: string): Statement;
  /** The columns of a row of texts, for people to look at. */
  rowOfTexts(columns: readonly string[]): Statement;

  /** Makes an empty table. */
  createTable(table: RelationName, columns: readonly NewColumn[], layout: TableLayout | undefined): Statement;
  createView(view: RelationName, query: Statement): Statement;
  /** Reads what others than the owner may do with a relation: rows of `Grant`. */
  grantsOn(relation: RelationName): Statement;
  /** Tells the server's planner what a table that was filled anew holds; undefined where it finds out by itself. */
  analyze(table: RelationName): Statement | undefined;

  /** The server processes, as `pid`, of sessions that are called by one of these names. */
  sessionsCalled(tags: readonly string[]): Statement;
  /** Text of a statement that ends the session of a process. */
  endSession(pid: number): Statement;
}
