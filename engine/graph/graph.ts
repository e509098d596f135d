import { DirectedGraph } from 'graphology';
import type { Problem } from '../fault.ts';
import { circleProblem, findCircles } from './circles.ts';

export type NodeKind = 'model' | 'source' | 'seed' | 'test' | 'dag' | 'report';

/** One thing of a project, as the graph needs to know it. */
export interface GraphNode {
  /** `schema.name` of a table; a plain name of a test, dag or report. */
  readonly name: string;
  readonly kind: NodeKind;
  /** Its file, from the project's root. */
  readonly path: string;
  readonly materialized?: string;
  readonly tags: readonly string[];
  /** The tables that it reads, by `schema.name`. Those that are no node here are passed over: see `unknown`. */
  readonly reads: readonly string[];
}

/** Who reads whom. Nodes are known by their id, and sets of ids hold the nodes that were asked for, too. */
export interface Graph {
  /** Each node after all that it reads; nodes of equal depth by id. What stands in a circle comes last. */
  readonly nodes: readonly GraphNode[];
  /** Tables that are read and are no node: the caller knows in which schemas that is wrong. */
  readonly unknown: readonly { readonly node: GraphNode; readonly table: string }[];
  get(id: string): GraphNode | undefined;
  /** What these nodes read, and what that reads, at most `depth` steps away. */
  upstream(ids: Iterable<string>, depth?: number): Set<string>;
  /** What reads these nodes, and what reads that, at most `depth` steps away. */
  downstream(ids: Iterable<string>, depth?: number): Set<string>;
}

/** What names a node: a table's own name; of the others their kind too, so that a report may be called like a dag. */
export function idOf({ kind, name }: Pick<GraphNode, 'kind' | 'name'>): string {
  return kind === 'model' || kind === 'source' || kind === 'seed' ? name : `${kind}:${name}`;
}

/** Builds the graph of a project. The problems are tables defined twice (the first stands) and circles, each with its files. */
export function buildGraph(nodes: readonly GraphNode[]): {
  readonly graph: Graph;
  readonly problems: readonly Problem[];
} {
  const edges = new DirectedGraph<{ node: GraphNode }>();
  const problems: Problem[] = [];
  for (const node of nodes) {
    const first = edges.hasNode(idOf(node)) ? edges.getNodeAttribute(idOf(node), 'node') : undefined;
    if (first) problems.push(twice(node, first));
    else edges.addNode(idOf(node), { node });
  }
  const unknown: { node: GraphNode; table: string }[] = [];
  edges.forEachNode((id, { node }) => {
    for (const table of new Set(node.reads)) {
      if (edges.hasNode(table)) edges.addDirectedEdge(table, id);
      else unknown.push({ node, table });
    }
  });
  const get = (id: string) => (edges.hasNode(id) ? edges.getNodeAttribute(id, 'node') : undefined);
  const { order, left } = inOrder(edges);
  const circles = findCircles(left, (id) => edges.inNeighbors(id));
  problems.push(...circles.map((circle) => circleProblem(circle.map((id) => edges.getNodeAttribute(id, 'node')))));
  const graph: Graph = {
    nodes: [...order, ...left].map((id) => edges.getNodeAttribute(id, 'node')),
    unknown,
    get,
    upstream: (ids, depth) => reach(ids, (id) => edges.inNeighbors(id), depth),
    downstream: (ids, depth) => reach(ids, (id) => edges.outNeighbors(id), depth),
  };
  return { graph, problems };
}

function twice(node: GraphNode, first: GraphNode): Problem {
  return {
    file: node.path,
    severity: 'error',
    code: 'defined-twice',
    message: `${node.kind} ${node.name} is already defined${first.kind === node.kind ? '' : ` as a ${first.kind}`}`,
    hint: `The other one is in ${first.path}.`,
  };
}

/** Depth by depth; `left` are the nodes in a circle or downstream of one. */
function inOrder(edges: DirectedGraph): { order: string[]; left: string[] } {
  const waiting = new Map(edges.mapNodes((id) => [id, edges.inDegree(id)]));
  const order: string[] = [];
  let depth = edges.filterNodes((id) => waiting.get(id) === 0);
  while (depth.length > 0) {
    const next: string[] = [];
    for (const id of depth.sort()) {
      order.push(id);
      waiting.delete(id);
      edges.forEachOutNeighbor(id, (reader) => {
        const open = (waiting.get(reader) ?? 0) - 1;
        waiting.set(reader, open);
        if (open === 0) next.push(reader);
      });
    }
    depth = next;
  }
  return { order, left: [...waiting.keys()].sort() };
}

function reach(from: Iterable<string>, next: (id: string) => string[], depth = Number.POSITIVE_INFINITY): Set<string> {
  const reached = new Set(from);
  let edge = [...reached];
  for (let step = 0; step < depth && edge.length > 0; step++) {
    const further: string[] = [];
    for (const id of edge)
      for (const one of next(id)) {
        if (reached.has(one)) continue;
        reached.add(one);
        further.push(one);
      }
    edge = further;
  }
  return reached;
}
