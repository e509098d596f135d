import pg from 'pg';
import type { ColumnKind } from './database.ts';

/** A type of PostgreSQL by its fixed number, the number of its array type, and what its values become here. */
interface WireType {
  readonly oid: number;
  readonly array: number;
  readonly kind: ColumnKind;
  readonly parse: (text: string) => unknown;
}

const asIs = (text: string): string => text;

/** Numbers are PostgreSQL's own and never change (pg_type.dat); Redshift has kept them. */
const wireTypes: readonly WireType[] = [
  { oid: 16, array: 1000, kind: 'boolean', parse: (text) => text === 't' },
  { oid: 21, array: 1005, kind: 'integer', parse: Number },
  { oid: 23, array: 1007, kind: 'integer', parse: Number },
  { oid: 20, array: 1016, kind: 'integer', parse: asIs },
  { oid: 26, array: 1028, kind: 'integer', parse: Number },
  { oid: 700, array: 1021, kind: 'float', parse: Number },
  { oid: 701, array: 1022, kind: 'float', parse: Number },
  { oid: 1700, array: 1231, kind: 'decimal', parse: asIs },
  { oid: 1082, array: 1182, kind: 'date', parse: asIs },
  { oid: 1114, array: 1115, kind: 'timestamp', parse: asIs },
  { oid: 1184, array: 1185, kind: 'timestamptz', parse: utcText },
  { oid: 114, array: 199, kind: 'json', parse: parseJson },
  { oid: 3802, array: 3807, kind: 'json', parse: parseJson },
  { oid: 25, array: 1009, kind: 'text', parse: asIs },
  { oid: 1043, array: 1015, kind: 'text', parse: asIs },
  { oid: 1042, array: 1014, kind: 'text', parse: asIs },
  { oid: 18, array: 1002, kind: 'text', parse: asIs },
  { oid: 19, array: 1003, kind: 'text', parse: asIs },
  { oid: 2950, array: 2951, kind: 'text', parse: asIs },
  // The driver would make objects and buffers of these; text can be shown and compared.
  ...[
    [1186, 1187],
    [17, 1001],
    [600, 1017],
    [718, 719],
  ].map(([oid = 0, array = 0]): WireType => ({ oid, array, kind: 'other', parse: asIs })),
];

// The driver's list of type numbers knows no arrays, though the driver does.
const textArrayId = 1009 as Parameters<typeof pg.types.getTypeParser>[0];
const textArray: (text: string) => readonly unknown[] = pg.types.getTypeParser(textArrayId, 'text');

/** How a value's text becomes a value of a `Row`, by type number: what both drivers are given. */
export const valueParsers: ReadonlyMap<number, (text: string) => unknown> = new Map(
  wireTypes.flatMap(({ oid, array, parse }) => [
    [oid, parse] as const,
    [array, (text: string) => deep(textArray(text), parse)] as const,
  ]),
);

const kinds: ReadonlyMap<number, ColumnKind> = new Map(wireTypes.map(({ oid, kind }) => [oid, kind]));

/** What a column of this type number holds. */
export const kindOf = (oid: number): ColumnKind => kinds.get(oid) ?? 'other';

/** Arrays of PostgreSQL may hold nulls and arrays. */
function deep(values: readonly unknown[], parse: (text: string) => unknown): unknown[] {
  return values.map((value) =>
    Array.isArray(value) ? deep(value, parse) : value === null ? null : parse(String(value)),
  );
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

const zoned = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/**
 * `2021-12-21 08:00:00.5+05:30` as `2021-12-21T02:30:00.500000Z`, exact to the microsecond. What has no place in that
 * form (`infinity`, years before Christ) stays as the server wrote it.
 */
export function utcText(text: string): string {
  const found = zoned.exec(text);
  if (!found) return text;
  const [, year = '', month, day, hour, minute, second, fraction, sign, ...offset] = found;
  const digits = fraction && /[1-9]/.test(fraction) ? `.${fraction.padEnd(6, '0')}` : '';
  const [hours = 0, minutes = 0, seconds = 0] = offset.map((part) => Number(part ?? 0));
  const east = (hours * 3600 + minutes * 60 + seconds) * (sign === '-' ? -1 : 1);
  if (east === 0) return `${year}-${month}-${day}T${hour}:${minute}:${second}${digits}Z`;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(local)) return text;
  const iso = new Date(local - east * 1000).toISOString().slice(0, 19);
  return `${iso}${digits}Z`;
}
