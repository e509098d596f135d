import type { Database } from '../database.ts';
import { loadContract } from './loads.ts';
import { statementContract } from './statements.ts';
import { streamContract } from './streams.ts';
import { transactionContract } from './transactions.ts';

/** What every adapter of the `Database` port does alike. `open` gives an empty database, the same at each call. */
export function databaseContract(open: () => Database): void {
  statementContract(open);
  transactionContract(open);
  streamContract(open);
  loadContract(open);
}
