import { isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** What stands at a path, in words: a list, a map, or the scalar itself. */
export function kindAt(root: Node | null, path: readonly PropertyKey[]): string {
  const node = nodeAt(root, path);
  if (isSeq(node)) return 'a list';
  if (isMap(node)) return 'a map';
  const value = isScalar(node) ? node.value : undefined;
  return value === null || value === undefined ? 'nothing' : typeof value === 'string' ? `"${value}"` : String(value);
}

/** The keys of the map at a path; none where there is no map. */
export function keysThere(root: Node | null, path: readonly PropertyKey[]): string[] {
  const node = nodeAt(root, path);
  return isMap(node) ? node.items.flatMap((item) => (isScalar(item.key) ? [String(item.key.value)] : [])) : [];
}

function pairAt(node: unknown, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));
}

function step(node: unknown, key: PropertyKey): Node | undefined {
  if (isSeq(node)) return node.items[Number(key)] as Node | undefined;
  return (pairAt(node, key)?.value ?? undefined) as Node | undefined;
}

function nodeAt(root: Node | null, path: readonly PropertyKey[]): Node | undefined {
  let node: Node | undefined = root ?? undefined;
  for (const key of path) node = step(node, key);
  return node;
}

export function isThere(root: Node | null, path: readonly PropertyKey[]): boolean {
  return nodeAt(root, path) !== undefined;
}

/** The scalar at a path, as text. */
export function valueAt(root: Node | null, path: readonly PropertyKey[]): string | undefined {
  const node = nodeAt(root, path);
  return isScalar(node) ? String(node.value) : undefined;
}

/** Where in the text the key or value of a path begins, or the nearest parent that is there. */
export function offsetOf(root: Node | null, path: readonly PropertyKey[], what: 'key' | 'value'): number {
  let node: Node | undefined = root ?? undefined;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, key] of path.entries()) {
    const pair = pairAt(node, key);
    const next = step(node, key);
    if (pair === undefined && next === undefined) return offset;
    const keyNode = pair?.key as Node | undefined;
    const last = index === path.length - 1;
    offset = (last && what === 'key' ? keyNode?.range?.[0] : next?.range?.[0]) ?? keyNode?.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}
