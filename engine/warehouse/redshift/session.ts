import { textLiteral } from '../dialect.ts';
import type { Server } from '../server.ts';

/**
 * What makes a session of Redshift ours: UTC, ISO dates, and the run's name as the label of its queries, by which the
 * system's views tell them. Set by a statement, because Redshift refuses a start with parameters that it does not know;
 * by one, because each use of a connection begins with it (manual page SET_CONFIG).
 */
export function greeting({ applicationName, statementTimeout }: Server): string {
  const settings = [
    ['timezone', 'UTC'],
    ['datestyle', 'ISO'],
    ['query_group', applicationName ?? 'tiffin'],
    ...(statementTimeout ? [['statement_timeout', String(Math.trunc(statementTimeout))]] : []),
  ] as const;
  const calls = settings.map(([name = '', value = '']) => `set_config('${name}', ${textLiteral(value)}, false)`);
  return `select ${calls.join(', ')}`;
}
