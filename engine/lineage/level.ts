import type { Ref } from '../reading/shape.ts';
import { type Column, isComplete, madeFrom, type Relation, starsOf } from './column.ts';

/** What a FROM list gives under a name. */
export interface Named {
  readonly name: string;
  /** The table's own dotted name, where it is one and goes by it. */
  readonly table: readonly string[];
  readonly relation: Relation;
  /** Columns that a USING has merged into one of another relation: without a qualifier they are not found here. */
  readonly merged: ReadonlySet<string>;
}

/** One SELECT: the FROM list that its names are looked up in, and the queries around it. */
export interface Level {
  readonly items: readonly Named[];
  readonly outer: Level | undefined;
  /** Whether a dotted name may lead into a column: Redshift's `c.orders[0].id`. */
  readonly paths: boolean;
}

/** What a name means: a column; or that there is none, with what there is. */
export type Found =
  | { readonly kind: 'column'; readonly column: Column }
  /** Nothing certain can be said. */
  | { readonly kind: 'unclear' }
  | {
      readonly kind: 'no-column';
      readonly name: string;
      readonly relation: string | undefined;
      readonly known: string[];
    }
  | { readonly kind: 'no-relation'; readonly name: string; readonly known: string[] };

const unclear: Found = { kind: 'unclear' };

export function lookUp({ path }: Ref, level: Level): Found {
  const [head = '', ...rest] = path;
  if (rest.length === 0) return findColumn(head, level);
  if (rest.length === 1 && rest[0] === '*') return findRow(head, level) ?? findColumn(head, level);
  for (let at: Level | undefined = level; at; at = at.outer) {
    for (const item of at.items) {
      const depth = qualifierOf(item, path);
      if (depth > 0) return columnOf(item, path[depth] ?? '');
    }
  }
  const column = level.paths ? findColumn(head, level) : undefined;
  if (column && column.kind !== 'no-column') return column;
  return { kind: 'no-relation', name: path.slice(0, -1).join('.'), known: namesIn(level) };
}

/** How many parts of a path are the item's name; 0 where they are not. */
function qualifierOf({ name, table }: Named, path: readonly string[]): number {
  for (let length = Math.min(table.length, path.length - 1); length > 1; length--) {
    if (table.slice(-length).every((part, at) => part === path[at])) return length;
  }
  return path[0] === name && path.length > 1 ? 1 : 0;
}

function columnOf(item: Named, name: string): Found {
  const { relation } = item;
  if (name === '*') return { kind: 'column', column: rowOf(relation) };
  const same = relation.columns.filter((column) => column.name === name);
  if (same.length > 0) return { kind: 'column', column: madeFrom(name, same, same.length > 1) };
  if (systemColumns.has(name)) return unclear;
  if (isComplete(relation)) {
    return { kind: 'no-column', name, relation: item.name, known: relation.columns.map((column) => column.name) };
  }
  return { kind: 'column', column: guess(name, [relation]) };
}

/** A name without qualifier: a column of this FROM list, else of a query around. */
function findColumn(name: string, level: Level): Found {
  const same = level.items.flatMap(({ relation, merged }) =>
    merged.has(name) ? [] : relation.columns.filter((column) => column.name === name),
  );
  if (same.length > 0) return { kind: 'column', column: madeFrom(name, same, same.length > 1) };
  const open = level.items.map(({ relation }) => relation).filter((relation) => !isComplete(relation));
  if (open.length > 0) return { kind: 'column', column: guess(name, open, level.outer !== undefined) };
  if (level.outer) {
    const found = findColumn(name, level.outer);
    if (found.kind !== 'no-column') return found;
    return { ...found, known: [...columnsIn(level), ...found.known] };
  }
  const row = findRow(name, level);
  if (row) return row;
  if (systemColumns.has(name)) return unclear;
  return { kind: 'no-column', name, relation: undefined, known: columnsIn(level) };
}

/** The name of a relation where a column would stand: its whole row. */
function findRow(name: string, level: Level): Found | undefined {
  for (let at: Level | undefined = level; at; at = at.outer) {
    const item = at.items.find((one) => one.name === name);
    if (item) return { kind: 'column', column: rowOf(item.relation) };
  }
  return undefined;
}

function rowOf(relation: Relation): Column {
  const row = madeFrom('*', relation.columns, !isComplete(relation));
  return { ...row, origins: [...row.origins, ...starsOf(relation)] };
}

/** A column of one of relations whose columns are not all known. Of one table it is certain, if the SQL is right. */
function guess(name: string, relations: readonly Relation[], more = false): Column {
  const tables = [...new Set(relations.flatMap(({ open }) => open))];
  const vague = more || relations.some((relation) => relation.vague);
  return {
    name,
    origins: tables.map((table) => ({ table, column: name })),
    partial: vague || tables.length !== 1,
  };
}

const columnsIn = ({ items }: Level): string[] =>
  items.flatMap(({ relation }) => relation.columns.map((column) => column.name));

function namesIn(level: Level): string[] {
  const names: string[] = [];
  for (let at: Level | undefined = level; at; at = at.outer) names.push(...at.items.map(({ name }) => name));
  return names;
}

/** Columns that every table of PostgreSQL, or of Redshift, has without showing them. */
const systemColumns = new Set('ctid xmin xmax cmin cmax tableoid oid insertxid deletexid $path $size'.split(' '));
