import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../fault.ts';
import { didYouMean } from './nearest.ts';

/** What reading a text gives: the value, or every problem at once. */
export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly placeOf: PlaceOf }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Line and column (from 1) of the value at a path of keys and indexes, or of the nearest parent that is there. */
export type PlaceOf = (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number };

/**
 * Parses YAML text and checks it against a schema. `firstLine` is the line of the file on which `text` begins, for YAML
 * that stands inside another file (a model's header). An empty text reads as an empty map.
 */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  file: string,
  firstLine = 1,
): Read<z.infer<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  const problem = (offset: number, code: string, message: string, hint?: string): Problem => ({
    file,
    ...at(offset),
    severity: 'error',
    code,
    message,
    ...(hint ? { hint } : {}),
  });

  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => problem(error.pos[0], 'yaml', error.message)),
    };
  }
  const root = document.contents as Node | null;
  const placeOf: PlaceOf = (path) => at(offsetOf(root, path, 'value'));
  const result = schema.safeParse(root === null ? {} : document.toJS({ maxAliasCount: 100 }));
  if (result.success) return { ok: true, value: result.data, placeOf };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, [], root, schema, problem)),
  };
}

type Issue = z.core.$ZodIssue;
type MakeProblem = (offset: number, code: string, message: string, hint?: string) => Problem;

function problemsOf(
  issue: Issue,
  parents: readonly PropertyKey[],
  root: Node | null,
  schema: z.ZodType,
  make: MakeProblem,
): Problem[] {
  const path = [...parents, ...issue.path];
  const name = path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) =>
      make(
        offsetOf(root, [...path, key], 'key'),
        'unknown-key',
        `unknown key "${key}"${name ? ` in ${name}` : ''}`,
        didYouMean(key, known),
      ),
    );
  }
  if (issue.code === 'invalid_union') {
    // A union told apart by one key: the key's value is none of those that tell.
    const words = (issue as { readonly options?: readonly unknown[] }).options;
    if (words) return [oneOf(words.map(String), path, root, make)];
    const inner = closestArm(issue.errors);
    if (inner) return inner.flatMap((one) => problemsOf(one, path, root, schema, make));
  }
  if (issue.code === 'invalid_value') return [oneOf(issue.values.map(String), path, root, make)];
  const missing = issue.code === 'invalid_type' && !isThere(root, path);
  return [
    make(
      offsetOf(root, path, 'value'),
      missing ? 'missing-key' : 'invalid-value',
      missing ? `missing key "${name}"` : `${name ? `${name}: ` : ''}${issue.message}`,
    ),
  ];
}

function oneOf(words: string[], path: readonly PropertyKey[], root: Node | null, make: MakeProblem): Problem {
  const given = valueAt(root, path);
  return make(
    offsetOf(root, path, 'value'),
    'invalid-value',
    `${path.map(String).join('.') || 'value'} must be one of: ${words.join(', ')}${given === undefined ? '' : `; it is "${given}"`}`,
    given === undefined ? undefined : didYouMean(given, words),
  );
}

/** The keys that a schema allows at a path; of a union those of all its arms. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return keysAt(def.innerType, path);
    case 'pipe':
      return keysAt(def.in, path);
    case 'lazy':
      return keysAt(def.getter(), path);
    case 'union':
      return [...new Set(def.options.flatMap((option) => keysAt(option, path)))];
    case 'array':
      return path.length > 0 ? keysAt(def.element, path.slice(1)) : [];
    case 'record':
      return path.length > 0 ? keysAt(def.valueType, path.slice(1)) : [];
    case 'object': {
      if (path.length === 0) return Object.keys(def.shape);
      const inner = def.shape[String(path[0])];
      return inner ? keysAt(inner, path.slice(1)) : [];
    }
    default:
      return [];
  }
}

/** Of a union's failed arms the one that got furthest is the one the person meant. */
function closestArm(arms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (arm: readonly Issue[]) => Math.max(...arm.map((issue) => issue.path.length));
  const shaped = arms.filter(
    (arm) => arm.length > 0 && !arm.some((i) => i.code === 'invalid_type' && i.path.length === 0),
  );
  const candidates = shaped.length > 0 ? shaped : arms.length === 1 ? arms : [];
  return [...candidates].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

function pairAt(node: unknown, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));
}

function step(node: unknown, key: PropertyKey): Node | undefined {
  if (isSeq(node)) return node.items[Number(key)] as Node | undefined;
  return (pairAt(node, key)?.value ?? undefined) as Node | undefined;
}

function isThere(root: Node | null, path: readonly PropertyKey[]): boolean {
  let node: Node | undefined = root ?? undefined;
  for (const key of path) node = step(node, key);
  return node !== undefined;
}

function valueAt(root: Node | null, path: readonly PropertyKey[]): string | undefined {
  let node: Node | undefined = root ?? undefined;
  for (const key of path) node = step(node, key);
  return isScalar(node) ? String(node.value) : undefined;
}

function offsetOf(root: Node | null, path: readonly PropertyKey[], what: 'key' | 'value'): number {
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
