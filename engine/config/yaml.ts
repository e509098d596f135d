import { LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../fault.ts';
import { inPlainWords } from './yaml-mistakes.ts';
import { offsetOf } from './yaml-nodes.ts';
import { problemsOf, withoutNoise } from './yaml-problems.ts';

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
      problems: document.errors.map((error) => {
        const { offset, message, hint } = inPlainWords(error, document);
        return problem(offset, 'yaml', message, hint);
      }),
    };
  }
  const root = document.contents as Node | null;
  const placeOf: PlaceOf = (path) => at(offsetOf(root, path, 'value'));
  const result = schema.safeParse(root === null ? {} : document.toJS({ maxAliasCount: 100 }));
  if (result.success) return { ok: true, value: result.data, placeOf };
  return {
    ok: false,
    problems: withoutNoise(result.error.issues.flatMap((issue) => problemsOf(issue, [], root, schema, problem))),
  };
}
