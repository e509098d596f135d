import { canonical } from './canonical.ts';
import { readReferences } from './references.ts';
import { tableName } from './table-ref.ts';
import type { SqlDialect } from './tokens.ts';

/**
 * A text in which tables are replaced by queries: each reading of `schema.name` for which `queryOf` has a query becomes
 * that query in parentheses, under the alias it had, else its own name; WITHs inside it are its own. The queries stand on
 * one line, so that the lines of the text stay the author's.
 */
export function inlineQueries(
  text: string,
  dialect: SqlDialect,
  queryOf: (table: string) => string | undefined,
): string {
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (const { reads, qualifiers } of readReferences(text, dialect)) {
    for (const table of reads) {
      const query = table.schema === undefined ? undefined : queryOf(tableName(table));
      if (query === undefined) continue;
      const alias = table.alias === undefined ? ` as ${quoted(table.name)}` : '';
      edits.push({ ...table, text: `(${canonical(query, dialect)})${alias}` });
    }
    for (const table of qualifiers) {
      if (queryOf(tableName(table)) !== undefined) edits.push({ ...table, text: quoted(table.name) });
    }
  }
  let result = text;
  for (const { start, end, text: insert } of edits.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + insert + result.slice(end);
  }
  return result;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
