import { Fault } from '../fault.ts';

/** A name as SQL takes it whatever it holds: `"Store ""7"""`. Throws `Fault` invalid for what no name can be. */
export function quoteName(name: string): string {
  if (name === '' || name.includes('\0'))
    throw new Fault('invalid', `${JSON.stringify(name)} cannot be a name in SQL.`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`. */
export const quoteRelation = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${quoteName(schema)}.${quoteName(name)}`;

/** Text as a literal, for SQL that is shown or stored; what is performed takes parameters. */
export function textLiteral(text: string): string {
  if (text.includes('\0')) throw new Fault('invalid', 'A text with a NUL character cannot be stored in the database.');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  // Where a server reads backslashes as escapes, only the E form says the same to all.
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** The types of a time column, which window edges are written in. */
export type TimeType = 'date' | 'timestamp' | 'timestamptz';

/**
 * An instant or day as a literal of the type: `date '2021-12-21'`, `timestamp '2021-12-21 08:00:00'`,
 * `timestamptz '2021-12-21 02:30:00+00'`. `at` is ISO text of the same kind (`2021-12-21`, `2021-12-21T08:00:00`,
 * `...Z`); a day is midnight where the type has hours. Throws `Fault` bug for anything else.
 */
export function timeLiteral(type: TimeType, at: string): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z)?)?$/.exec(at);
  if (!found) throw new Fault('bug', `${JSON.stringify(at)} is no time to write into SQL.`);
  const [, day, time = '00:00:00', zone] = found;
  const clock = time.length === 5 ? `${time}:00` : time;
  if (type === 'timestamptz' && !zone) throw new Fault('bug', `${at} is no instant without its Z.`);
  if (type === 'timestamptz') return `timestamptz '${day} ${clock}+00'`;
  if (zone) throw new Fault('bug', `${at} is an instant; a ${type} column holds local time.`);
  if (type === 'date' && !clock.startsWith('00:00:00')) throw new Fault('bug', `${at} is no day.`);
  return type === 'date' ? `date '${day}'` : `timestamp '${day} ${clock}'`;
}
