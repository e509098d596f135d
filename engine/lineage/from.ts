import type { From, Query, TableItem, Value } from '../reading/shape.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import {
  type Column,
  isComplete,
  madeFrom,
  type Relation,
  renamed,
  type TableColumns,
  tableRelation,
} from './column.ts';
import { type Level, lookUp, type Named } from './level.ts';
import { findName, type Names } from './names.ts';

/** How what stands inside a FROM list is resolved. */
interface Inside {
  readonly query: (query: Query, outer: Level | undefined, names: Names | undefined) => Relation;
  readonly value: (value: Value, level: Level, names: Names | undefined) => Column;
}

type FromReader = (from: readonly From[], outer: Level | undefined, names: Names | undefined) => Level;

/** Reads FROM lists into what their names mean. */
export function openFromReader(dialect: SqlDialect, known: TableColumns, inside: Inside): FromReader {
  const paths = dialect === 'redshift';
  return (list, outer, names) => {
    let items: readonly Named[] = [];
    for (const from of list) items = [...items, ...read(from, items)];
    return { items, outer, paths };

    /** `before`: what stands to the left, which LATERAL and functions see. */
    function read(from: From, before: readonly Named[]): readonly Named[] {
      const beside: Level = { items: before, outer, paths };
      switch (from.kind) {
        case 'table':
          return [readTable(from, beside)];
        case 'query':
          return [named(from.alias, inside.query(from.query, from.lateral ? beside : outer, names), '')];
        case 'function':
          return [named(from.alias, rowsOf(from, inside.value(from.value, beside, names)), from.name)];
        case 'join': {
          const left = read(from.left, before);
          const right = read(from.right, [...before, ...left]);
          const joined = merge(from, left, right);
          if (!from.alias) return joined;
          const whole = relationOf(joined);
          return [named(from.alias, whole, '')];
        }
      }
    }

    function readTable({ path, alias }: TableItem, beside: Level): Named {
      const name = path.at(-1) ?? '';
      const [head = ''] = path;
      const own = path.length === 1 ? findName(head, names) : undefined;
      const navigates = dialect === 'redshift' && !own && beside.items.some((item) => item.name === head);
      if (navigates) {
        const found = lookUp({ path, at: 0 }, beside);
        const column = found.kind === 'column' ? [found.column] : [];
        return named(alias, { columns: [madeFrom(alias?.name ?? name, column, true)], open: [], vague: true }, name);
      }
      const relation = own ?? tableRelation(path.slice(-2).join('.'), known);
      return { ...named(alias, relation, name), table: alias ? [] : path };
    }
  };
}

function named(alias: Extract<From, { kind: 'query' }>['alias'], relation: Relation, name: string): Named {
  const called = alias ? renamed(relation, alias.columns) : relation;
  return { name: alias?.name ?? name, table: [], relation: called, merged: new Set() };
}

/** The rows of a function: nobody knows their columns, but what the author calls them is made from its arguments. */
function rowsOf({ name, alias }: Extract<From, { kind: 'function' }>, value: Column): Relation {
  const columns = alias && alias.columns.length > 0 ? alias.columns : [alias?.name ?? name];
  return { columns: columns.map((one) => ({ ...value, name: one })), open: [], vague: true };
}

/** Two sides of a join. A column of USING is one column; the side whose value it has keeps it, of FULL both give it. */
function merge(
  join: Extract<From, { kind: 'join' }>,
  left: readonly Named[],
  right: readonly Named[],
): readonly Named[] {
  const shared = join.natural ? sharedBy(left, right) : join.using;
  if (shared === undefined) {
    // NATURAL over columns that are not all known: any of them may be one with another.
    return [...left, ...right].map((item) => ({ ...item, relation: { ...item.relation, vague: true } }));
  }
  if (shared.length === 0) return [...left, ...right];
  const names = new Set(shared);
  const without = (items: readonly Named[]) =>
    items.map((item) => ({ ...item, merged: new Set([...item.merged, ...names]) }));
  const columns = shared.map((name) => {
    const of = (items: readonly Named[]) => {
      const found = lookUp({ path: [name], at: 0 }, { items, outer: undefined, paths: false });
      return found.kind === 'column' ? [found.column] : [];
    };
    const parts = join.keeps === 'both' ? [...of(left), ...of(right)] : of(join.keeps === 'left' ? left : right);
    return madeFrom(name, parts);
  });
  const one: Named = {
    name: join.usingName,
    table: [],
    relation: { columns, open: [], vague: false },
    merged: new Set(),
  };
  return [one, ...without(left), ...without(right)];
}

function sharedBy(left: readonly Named[], right: readonly Named[]): string[] | undefined {
  const [one, other] = [relationOf(left), relationOf(right)];
  if (!isComplete(one) || !isComplete(other)) return undefined;
  const names = new Set(other.columns.map(({ name }) => name));
  return one.columns.map(({ name }) => name).filter((name) => names.has(name));
}

/** What `*` gives over a FROM list: each relation's columns, merged ones once and first. */
export function relationOf(items: readonly Named[]): Relation {
  const relations = items.map(({ relation, merged }) => ({
    ...relation,
    columns: relation.columns.filter(({ name }) => !merged.has(name)),
  }));
  return {
    columns: relations.flatMap(({ columns }) => columns),
    open: [...new Set(relations.flatMap(({ open }) => open))],
    vague: relations.some(({ vague }) => vague),
  };
}

/** What `*` or `t.*` gives; undefined where there is no such relation. */
export function starOf(path: readonly string[], level: Level): Relation | undefined {
  if (path.length === 0) return relationOf(level.items);
  for (let at: Level | undefined = level; at; at = at.outer) {
    const item = at.items.find(({ name, table }) =>
      path.length === 1 ? name === path[0] : path.join('.') === table.slice(-path.length).join('.'),
    );
    if (item) return item.relation;
  }
  return undefined;
}
