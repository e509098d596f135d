/** What can be made to go wrong at a statement. */
export type Mishap =
  /** A serializable isolation violation instead of the statement (page "Troubleshooting serializable isolation errors"). */
  | '1023'
  /** The line is cut before the statement is performed. */
  | 'cut-before'
  /** The line is cut when the statement is done, before its answer is on the way. */
  | 'cut-after';

/** A statement as it arrives. */
export interface Arrived {
  readonly text: string;
  readonly inTransaction: boolean;
  /** Counted over all lines of the stand-in, from 1. */
  readonly number: number;
}

/** Decides for each statement what happens to it. */
export type Mishaps = (statement: Arrived) => Mishap | undefined;

/** One mishap at the statement of this number, once. */
export function mishapAt(number: number, mishap: Mishap): Mishaps {
  return (statement) => (statement.number === number ? mishap : undefined);
}
