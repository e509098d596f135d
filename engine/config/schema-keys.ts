import type { z } from 'zod';

/** The keys that a schema allows at a path; of a union those of all its arms. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
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

/** The arms of the union that a schema has at a path; undefined where it has none. */
export function armsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] | undefined {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return armsAt(def.innerType, path);
    case 'pipe':
      return armsAt(def.in, path);
    case 'lazy':
      return armsAt(def.getter(), path);
    case 'union':
      if (path.length === 0) return def.options;
      return def.options.map((option) => armsAt(option, path)).find((arms) => arms !== undefined);
    case 'array':
      return path.length > 0 ? armsAt(def.element, path.slice(1)) : undefined;
    case 'record':
      return path.length > 0 ? armsAt(def.valueType, path.slice(1)) : undefined;
    case 'object': {
      const inner = def.shape[String(path[0])];
      return path.length > 0 && inner ? armsAt(inner, path.slice(1)) : undefined;
    }
    default:
      return undefined;
  }
}

/** What a schema wants, in words: `a list`, `a map with: column, values`, `text`. */
export function wantedBy(schema: z.core.$ZodType): string {
  const def = (schema as z.core.$ZodTypes)._zod.def;
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
