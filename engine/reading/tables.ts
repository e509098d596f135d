import type { SqlDialect } from '../sql/tokens.ts';
import type { From, Query, Shape, Value } from './shape.ts';

/** The names of WITHs that a place sees. Linked, never copied. */
interface Names {
  readonly name: string;
  readonly around: Names | undefined;
}

/** The tables that statements read, `schema.name` or the bare name: what is left when the names of WITHs are gone. */
export function tablesOf(shapes: readonly Shape[], dialect: SqlDialect): Set<string> {
  const read = new Set<string>();
  for (const { query } of shapes) ofQuery(query, undefined);
  return read;

  function ofQuery({ names, recursive, body }: Query, around: Names | undefined): void {
    let seen = around;
    if (recursive) for (const { name } of names) seen = { name, around: seen };
    for (const { name, query } of names) {
      ofQuery(query, seen);
      seen = { name, around: seen };
    }
    if (body.kind === 'set') {
      ofQuery(body.left, seen);
      ofQuery(body.right, seen);
      return;
    }
    const aliases = new Set<string>();
    for (const from of body.from) ofFrom(from, seen, aliases);
    for (const item of body.items) if (item.kind === 'item') ofValue(item, seen);
    ofValue(body.rest, seen);
  }

  function ofValue({ queries, conditions }: Value, seen: Names | undefined): void {
    for (const query of [...queries, ...conditions]) ofQuery(query, seen);
  }

  function ofFrom(from: From, seen: Names | undefined, aliases: Set<string>): void {
    switch (from.kind) {
      case 'join':
        ofFrom(from.left, seen, aliases);
        ofFrom(from.right, seen, aliases);
        return;
      case 'query':
        if (from.alias) aliases.add(from.alias.name);
        ofQuery(from.query, seen);
        return;
      case 'function':
        if (from.alias) aliases.add(from.alias.name);
        ofValue(from.value, seen);
        return;
      case 'table': {
        const { path, alias, written } = from;
        const [head = ''] = path;
        // A path into a SUPER column of the same FROM list is no table.
        const navigates = dialect === 'redshift' && aliases.has(head);
        if (alias || path.length > 1) aliases.add(alias?.name ?? path.at(-1) ?? '');
        if (!written && !navigates && !(path.length === 1 && isName(head, seen))) read.add(path.slice(-2).join('.'));
      }
    }
  }
}

function isName(name: string, from: Names | undefined): boolean {
  for (let seen = from; seen; seen = seen.around) if (seen.name === name) return true;
  return false;
}
