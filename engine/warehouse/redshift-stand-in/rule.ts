import type { NamedTable, Token } from './lexer.ts';

/** A statement as the rules see it. */
export interface Seen {
  readonly tokens: readonly Token[];
  /** Its first word. */
  readonly verb: string;
  readonly tables: readonly NamedTable[];
  /** Tables of people's data among them, and system tables that live on the compute nodes. */
  readonly onCompute: boolean;
  readonly inTransaction: boolean;
}

/** What a rule holds against a statement. */
export interface Objection {
  readonly message: string;
  /** SQLSTATE. */
  readonly state: string;
  readonly at?: Token;
}

/** One thing that Redshift does not take. */
export interface Rule {
  readonly name: string;
  /** Title of the page of the vendor's Database Developer Guide that says so. */
  readonly page: string;
  /** What stands on that page, in few words. */
  readonly says: string;
  /** A statement that it refuses. */
  readonly example: string;
  refuses(seen: Seen): Objection | undefined;
}

export const syntax = (at: Token | undefined): Objection | undefined =>
  at && { message: `syntax error at or near "${at.value}"`, state: '42601', at };

export const unsupported = (message: string, at?: Token): Objection => ({ message, state: '0A000', ...(at && { at }) });

/** The words that Redshift itself says when leader and compute nodes cannot do a thing together. */
export const notOnTables = (at?: Token): Objection =>
  unsupported('Specified types or functions (one per INFO message) not supported on Redshift tables.', at);
