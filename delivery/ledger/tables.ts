import { type Statement, sql } from '#engine';

const names = [
  'attempts',
  'content_files',
  'cursors',
  'editions',
  'events',
  'files',
  'former_references',
  'lanes',
  'messages',
  'migrations',
  'parts',
  'receipts',
  'reports',
  'session_news',
  'session_values',
  'sessions',
  'settings',
  'slots',
  'suppressions',
] as const;

/** The ledger's tables, quoted and with their schema, ready to stand in a statement. */
export type Tables = Readonly<Record<(typeof names)[number], Statement>>;

/** `delivery_<target>`: what is sent from a development target never meets what is sent from production. */
export function schemaOf(target: string): string {
  return `delivery_${target}`;
}

export function tablesOf(schema: string): Tables {
  return Object.fromEntries(names.map((name) => [name, sql.ident(schema, name)])) as Tables;
}
