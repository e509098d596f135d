import { textLiteral } from '../dialect.ts';
import type { Server } from '../server.ts';

/**
 * What makes a session of Redshift ours: UTC, ISO dates, and the run's name as the label of its queries, by which the
 * system's views tell them. Set by statements, because Redshift refuses a start with parameters that it does not know.
 */
export function greetings({ applicationName, statementTimeout }: Server): string[] {
  return [
    `set timezone to 'UTC'`,
    `set datestyle to 'ISO'`,
    `set query_group to ${textLiteral(applicationName ?? 'tiffin')}`,
    ...(statementTimeout ? [`set statement_timeout to ${Math.trunc(statementTimeout)}`] : []),
  ];
}
