/** Where a node of the graph is drawn: its column, and its place in it from the top, in steps. */
export interface Place {
  readonly rank: number;
  readonly row: number;
}

interface Linked {
  readonly name: string;
  readonly reads: readonly string[];
}

/**
 * A place for each node, readers to the right of what they read. Within a column, nodes stand by the middle of their
 * neighbours, asked to and fro a few times, so that lines cross little. The same nodes get the same places.
 */
export function layout(nodes: readonly Linked[]): ReadonlyMap<string, Place> {
  const names = new Set(nodes.map(({ name }) => name));
  const inputs = new Map(nodes.map(({ name, reads }) => [name, reads.filter((one) => names.has(one) && one !== name)]));
  const readers = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  for (const [name, reads] of inputs) for (const input of reads) readers.get(input)?.push(name);
  const ranks = ranksOf(inputs);
  const columns: string[][] = Array.from({ length: Math.max(0, ...ranks.values()) + 1 }, () => []);
  for (const { name } of nodes) columns[ranks.get(name) ?? 0]?.push(name);
  const rows = new Map<string, number>();
  const settle = (column: readonly string[]) => {
    for (const [index, name] of column.entries()) rows.set(name, index - (column.length - 1) / 2);
  };
  for (const column of columns) settle(column);
  for (let sweep = 0; sweep < 8; sweep += 1) {
    const neighbours = sweep % 2 === 0 ? inputs : readers;
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      const middle = new Map(column.map((name) => [name, middleOf(name, neighbours.get(name) ?? [], rows)]));
      column.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
      settle(column);
    }
  }
  const top = Math.min(0, ...rows.values());
  return new Map(nodes.map(({ name }) => [name, { rank: ranks.get(name) ?? 0, row: (rows.get(name) ?? 0) - top }]));
}

function middleOf(name: string, neighbours: readonly string[], rows: ReadonlyMap<string, number>): number {
  const own = rows.get(name) ?? 0;
  if (neighbours.length === 0) return own;
  return neighbours.reduce((sum, one) => sum + (rows.get(one) ?? 0), 0) / neighbours.length;
}

/** How many steps behind its first input each node is, at most. A circle, which no valid project has, counts as one step. */
function ranksOf(inputs: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const visit = (name: string, path: ReadonlySet<string>): number => {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    if (path.has(name)) return 0;
    const deeper = new Set([...path, name]);
    const rank = Math.max(-1, ...(inputs.get(name) ?? []).map((input) => visit(input, deeper))) + 1;
    ranks.set(name, rank);
    return rank;
  };
  for (const name of inputs.keys()) visit(name, new Set());
  return ranks;
}
