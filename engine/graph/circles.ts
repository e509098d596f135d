import type { Problem } from '../fault.ts';

/** How much of a node a circle's report needs. */
interface Step {
  readonly name: string;
  readonly path: string;
}

/**
 * The circles among these nodes, one for each set of nodes that all reach each other: the shortest one through the node
 * that comes first by name, as ids in the direction of `next`. Time linear in nodes and edges.
 */
export function findCircles(ids: readonly string[], next: (id: string) => readonly string[]): string[][] {
  const among = new Set(ids);
  const within = (id: string) => next(id).filter((one) => among.has(one));
  return knots(ids, within)
    .map((knot) => shortestCircle(knot, within))
    .filter((circle) => circle !== undefined)
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

/** `a reads b, b reads a`, with the file of each. */
export function circleProblem(circle: readonly Step[]): Problem {
  const [first] = circle;
  const told = [...circle, ...circle.slice(0, 1)].map(({ name, path }) => `${name} (${path})`);
  return {
    file: first?.path ?? '',
    severity: 'error',
    code: 'circle',
    message:
      circle.length === 1 ? `${first?.name} reads itself` : `models read each other in a circle: ${told.join(' -> ')}`,
    hint: 'Each must be built before the one that reads it: take one of these reads out.',
  };
}

/** Strongly connected sets (Tarjan 1972), with a list for a stack: a chain of 100,000 models must not overflow ours. */
function knots(ids: readonly string[], next: (id: string) => readonly string[]): string[][] {
  const found: string[][] = [];
  const place = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  for (const root of ids) {
    if (place.has(root)) continue;
    const path: { id: string; rest: Iterator<string> }[] = [];
    const enter = (id: string) => {
      low.set(id, place.size);
      place.set(id, place.size);
      open.push(id);
      isOpen.add(id);
      path.push({ id, rest: next(id)[Symbol.iterator]() });
    };
    const lower = (id: string, to: number | undefined) => low.set(id, Math.min(low.get(id) ?? 0, to ?? 0));
    enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { id, rest } = top;
      const step = rest.next();
      if (!step.done) {
        if (!place.has(step.value)) enter(step.value);
        else if (isOpen.has(step.value)) lower(id, place.get(step.value));
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before) lower(before.id, low.get(id));
      if (low.get(id) !== place.get(id)) continue;
      const knot = open.splice(open.lastIndexOf(id));
      for (const one of knot) isOpen.delete(one);
      found.push(knot);
    }
  }
  return found;
}

/** The shortest way from a knot's first node back to itself; undefined for a node alone that does not read itself. */
function shortestCircle(knot: readonly string[], next: (id: string) => readonly string[]): string[] | undefined {
  const inside = new Set(knot);
  const [start = ''] = knot.toSorted();
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const id of queue)
    for (const one of next(id)) {
      if (!inside.has(one) || cameFrom.has(one)) continue;
      cameFrom.set(one, id);
      if (one === start) return wayBack(start, cameFrom);
      queue.push(one);
    }
  return undefined;
}

function wayBack(start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const circle = [start];
  for (let id = cameFrom.get(start); id !== undefined && id !== start; id = cameFrom.get(id)) circle.push(id);
  return [start, ...circle.slice(1).reverse()];
}
