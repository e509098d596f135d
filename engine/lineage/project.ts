import type { Reading } from '../reading/reading.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import { type Column, isComplete, type Relation, starsOf, type TableColumns } from './column.ts';
import { type Mistake, resolve } from './resolve.ts';

/** A query of the project that makes a table, or a report's dataset. */
export interface LineageNode {
  /** What it makes: `schema.name` of a model, `report:name.dataset`. */
  readonly name: string;
  readonly dialect: SqlDialect;
  readonly reading: Reading | undefined;
  /** Its columns where no parser tells them. */
  readonly declared: readonly string[] | undefined;
  /** Whether its table may have columns that its query does not give. */
  readonly grows: boolean;
}

export interface NodeColumns {
  readonly relation: Relation;
  readonly mistakes: readonly Mistake[];
  /** Whether the columns are all known, with all that they are made from. */
  readonly certain: boolean;
}

/** The columns of nodes, which come after what they read. `sources` knows the tables that no node makes. */
export function resolveNodes(nodes: readonly LineageNode[], sources: TableColumns): Map<string, NodeColumns> {
  const found = new Map<string, NodeColumns>();
  const tables = new Map<string, ReturnType<TableColumns>>();
  for (const node of nodes) {
    const columns = resolveNode(node, (table) => (tables.has(table) ? tables.get(table) : sources(table)));
    found.set(node.name, columns);
    const names = columns.relation.columns.map(({ name }) => name);
    tables.set(node.name, { names, complete: isComplete(columns.relation) && !node.grows });
  }
  return found;
}

function resolveNode({ reading, dialect, declared }: LineageNode, known: TableColumns): NodeColumns {
  const [shape, ...more] = reading?.shapes ?? [];
  if (!shape || !reading || more.length > 0) {
    const columns = (declared ?? []).map((name): Column => ({ name, origins: [], partial: true }));
    return { relation: { columns, open: [], vague: !declared }, mistakes: [], certain: false };
  }
  const { relation, mistakes } = resolve(shape, dialect, known);
  if (reading.partial) {
    const columns = relation.columns.map((column) => ({ ...column, partial: true }));
    return { relation: { ...relation, columns, vague: true }, mistakes: [], certain: false };
  }
  const certain = isComplete(relation) && relation.columns.every(({ partial }) => !partial);
  return { relation, mistakes, certain };
}

/** One column made from another; each as `table.column`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Whether it was found where not all columns are known. */
  readonly partial: boolean;
}

/** What each column of a table is made from; columns that are not known are `*`. */
export function edgesOf(table: string, { columns, open }: Relation): Edge[] {
  const stars: Column = { name: '*', origins: starsOf({ columns, open, vague: false }), partial: true };
  return [...columns, stars].flatMap(({ name, origins, partial }) =>
    origins.map((origin) => ({ from: `${origin.table}.${origin.column}`, to: `${table}.${name}`, partial })),
  );
}
