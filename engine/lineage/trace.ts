/** Something that is made from other things, by name. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

export type Direction = 'up' | 'down';

/** A name with what it is made from, or what is made from it. */
export interface Branch {
  readonly name: string;
  /** Empty for a name whose branches stand where it came first. */
  readonly branches: readonly Branch[];
  readonly repeated: boolean;
}

/** The links that lead to a name, or away from it, at most `depth` steps. */
export function linksFrom<L extends Link>(
  links: readonly L[],
  start: readonly string[],
  direction: Direction,
  depth: number,
): L[] {
  const [near, far] = direction === 'up' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const byName = Map.groupBy(links, (link) => link[near]);
  const found = new Set<L>();
  const seen = new Set(start);
  let edge = [...start];
  for (let step = 0; step < depth && edge.length > 0; step++) {
    const next: string[] = [];
    for (const link of edge.flatMap((name) => byName.get(name) ?? [])) {
      found.add(link);
      if (!seen.has(link[far])) next.push(link[far]);
      seen.add(link[far]);
    }
    edge = next;
  }
  return [...found];
}

/** The tree under a name along links. What comes again is named, and not followed again. */
export function treeOf(links: readonly Link[], name: string, direction: Direction, seen = new Set<string>()): Branch {
  const [near, far] = direction === 'up' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const next = [...new Set(links.filter((link) => link[near] === name).map((link) => link[far]))];
  if (seen.has(name)) return { name, branches: [], repeated: next.length > 0 };
  seen.add(name);
  return { name, branches: next.map((one) => treeOf(links, one, direction, seen)), repeated: false };
}
