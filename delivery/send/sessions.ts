/** A change of what a linked device keeps; without a value it is removed. */
export interface SessionChange {
  readonly kind: string;
  readonly id: string;
  readonly value?: string;
}

/** Something that was heard on a session's connection, in the order in which it was. */
export interface SessionNews {
  readonly number: string;
  readonly text: string;
}

/**
 * What a linked device must never lose: its keys, and what it heard, in the state database. One process at a time owns a
 * lane's session; who has lost it can change nothing any more.
 */
export interface SessionStore {
  /**
   * Takes or keeps the session for an owner. False while somebody else holds it; `insist` asks them to hand it over when
   * they are done.
   */
  take(owner: string, seconds: number, insist: boolean): Promise<boolean>;
  /** Whether somebody waits for the session. */
  wanted(): Promise<boolean>;
  leave(owner: string): Promise<void>;
  /** Values by id; what is not there is left out. All of a kind without ids. */
  read(kind: string, ids?: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** All of the changes or none; false when the owner no longer holds the session. */
  write(owner: string, changes: readonly SessionChange[]): Promise<boolean>;
  /** Removes everything but the news, whoever owns it: the device is no longer linked. */
  forget(): Promise<void>;
  /** Removes a kind's values that have not changed for so many seconds. */
  forgetOlder(kind: string, seconds: number): Promise<void>;
  note(text: string): Promise<void>;
  /** News after a number, at most 500; those up to it are removed. */
  news(after: string | undefined): Promise<SessionNews[]>;
}
