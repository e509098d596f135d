import type { z } from 'zod';

/** The keys that a schema allows at a path; of a union those of all its arms. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const keys = partsAt(schema, path).flatMap((part) => {
    const def = defOf(part);
    if (def.type === 'union') return def.options.flatMap((option) => keysAt(option, []));
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

/** The arms of the union that a schema has at a path; undefined where it has none. */
export function armsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] | undefined {
  const defs = partsAt(schema, path).map(defOf);
  return defs.find((def) => def.type === 'union')?.options;
}

/** The schemas that stand at a path, bare of what only says how they are given; on the way through a union those of each arm. */
function partsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  const def = defOf(schema);
  const [key, ...rest] = path;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return partsAt(def.innerType, path);
    case 'pipe':
      return partsAt(def.in, path);
    case 'lazy':
      return partsAt(def.getter(), path);
  }
  if (key === undefined) return [schema];
  switch (def.type) {
    case 'union':
      return def.options.flatMap((option) => partsAt(option, path));
    case 'array':
      return partsAt(def.element, rest);
    case 'record':
      return partsAt(def.valueType, rest);
    case 'object': {
      const inner = def.shape[String(key)];
      return inner ? partsAt(inner, rest) : [];
    }
    default:
      return [];
  }
}

const defOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def;

/** What a schema wants, in words: `a list`, `a map with: column, values`, `text`. */
export function wantedBy(schema: z.core.$ZodType): string {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return wantedBy(def.innerType);
    case 'pipe':
      return wantedBy(def.in);
    case 'object':
      return `a map with: ${Object.keys(def.shape).join(', ')}`;
    case 'union':
      return [...new Set(def.options.map(wantedBy))].join(', or ');
    case 'literal':
      return def.values.map((value) => `"${String(value)}"`).join(' or ');
    default:
      return wantedKinds[def.type] ?? def.type;
  }
}

/** What kinds of values are called, by the names that zod has for them. */
export const wantedKinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  date: 'a date',
};
