/** A node of PostgreSQL's own parser: what is inside its tag, `{"ColumnRef": {...}}`, or a bare structure. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The structure under a key, without a tag. */
export function treeAt(tree: Tree, key: string): Tree | undefined {
  const value = tree[key];
  return isTree(value) ? value : undefined;
}

/** The nodes of a list. */
export function listAt(tree: Tree, key: string): readonly Tree[] {
  const value = tree[key];
  return Array.isArray(value) ? value.filter(isTree) : [];
}

export function textAt(tree: Tree, key: string): string | undefined {
  const value = tree[key];
  return typeof value === 'string' ? value : undefined;
}

/** A node's tag and what is inside; a node has one key, which is its tag. */
export function tagged(node: Tree): { readonly tag: string; readonly inside: Tree } {
  const [tag = ''] = Object.keys(node);
  return { tag, inside: treeAt(node, tag) ?? {} };
}

/** The strings of a list of names; other nodes, such as subscripts and stars, are left out. */
export function stringsAt(tree: Tree, key: string): string[] {
  return listAt(tree, key).flatMap((node) => textAt(treeAt(node, 'String') ?? {}, 'sval') ?? []);
}

/** What is inside the nodes of a list that have a tag. */
export function insidesAt(tree: Tree, key: string, tag: string): Tree[] {
  return listAt(tree, key)
    .map((node) => treeAt(node, tag))
    .filter((inside) => inside !== undefined);
}
