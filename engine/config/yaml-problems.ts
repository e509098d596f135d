import type { Node } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../fault.ts';
import { didYouMean, nearest } from './nearest.ts';
import { armsAt, keysAt, wantedBy, wantedKinds } from './schema-keys.ts';
import { isThere, keysThere, kindAt, offsetOf, valueAt } from './yaml-nodes.ts';

type Issue = z.core.$ZodIssue;
type MakeProblem = (offset: number, code: string, message: string, hint?: string) => Problem;

/** What a schema has against a text, in words of ours and at its place. */
export function problemsOf(
  issue: Issue,
  parents: readonly PropertyKey[],
  root: Node | null,
  schema: z.ZodType,
  make: MakeProblem,
): Problem[] {
  const path = [...parents, ...issue.path];
  const name = path.map(String).join('.');
  const here = () => offsetOf(root, path, 'value');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, root, schema, make));
  if (issue.code === 'invalid_union') {
    // A union told apart by one key: the key's value is none of those that tell.
    const words = (issue as { readonly options?: readonly unknown[] }).options;
    if (words) return [oneOf(words.map(String), path, root, make)];
    const arms = armsAt(schema, path) ?? [];
    const entry = namedEntry(arms, path, root, schema, make);
    if (entry.kind === 'said') return entry.problems;
    const inner = entry.kind === 'arm' ? issue.errors[entry.index] : closestArm(issue.errors);
    if (inner) return inner.flatMap((one) => problemsOf(one, path, root, schema, make));
    const wanted = [...new Set(arms.map(wantedBy))].join(', or ');
    if (wanted) return [make(here(), 'invalid-value', `${name} must be ${wanted}; it is ${kindAt(root, path)}`)];
  }
  if (issue.code === 'invalid_value') return [oneOf(issue.values.map(String), path, root, make)];
  if (issue.code === 'invalid_type' && !isThere(root, path))
    return [make(here(), 'missing-key', `missing key "${name}"`)];
  return [make(here(), 'invalid-value', `${name ? `${name}${said(issue, root, path)}` : issue.message}`)];
}

/** What is wrong with a value, as a sentence whose subject is its name. */
function said(issue: Issue, root: Node | null, path: readonly PropertyKey[]): string {
  if (issue.code === 'invalid_type') {
    return ` must be ${wantedKinds[issue.expected] ?? issue.expected}; it is ${kindAt(root, path)}`;
  }
  if (issue.code === 'too_small' && issue.origin === 'array') {
    return Number(issue.minimum) === 1 ? ' must not be empty' : ` must have at least ${issue.minimum} entries`;
  }
  if (issue.code === 'too_small' && issue.origin !== 'string') return ` must be at least ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin !== 'string' && issue.origin !== 'array')
    return ` must be at most ${issue.maximum}`;
  return `: ${issue.message}`;
}

type Entry =
  | { readonly kind: 'other' }
  | { readonly kind: 'arm'; readonly index: number }
  | { readonly kind: 'said'; readonly problems: Problem[] };

/** Of a union whose arms are maps of one key each (`- unique: ...`), what is meant by the key that is there. */
function namedEntry(
  arms: readonly z.core.$ZodType[],
  path: readonly PropertyKey[],
  root: Node | null,
  schema: z.ZodType,
  make: MakeProblem,
): Entry {
  const names = arms.map((arm) => keysAt(arm, []));
  if (arms.length < 2 || names.some((keys) => keys.length !== 1)) return { kind: 'other' };
  const known = names.flat();
  const given = keysThere(root, path);
  const say = (code: string, message: string): Entry => ({
    kind: 'said',
    problems: [make(offsetOf(root, path, 'value'), code, message)],
  });
  const here = path.map(String).join('.');
  if (given.length === 0)
    return say(
      'invalid-value',
      `${here} must be one of: ${known.join(', ')}, each with its settings; it is ${kindAt(root, path)}`,
    );
  const right = given.filter((key) => known.includes(key));
  if (right.length === 0)
    return { kind: 'said', problems: given.map((key) => unknownKey(key, path, root, schema, make)) };
  if (given.length > 1) return say('invalid-value', `${here} has more than one key: write each as an entry of its own`);
  return { kind: 'arm', index: known.indexOf(right[0] ?? '') };
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  root: Node | null,
  schema: z.ZodType,
  make: MakeProblem,
): Problem {
  const name = path.map(String).join('.');
  const message = `unknown key "${key}"${name ? ` in ${name}` : ''}`;
  return make(offsetOf(root, [...path, key], 'key'), 'unknown-key', message, didYouMean(key, keysAt(schema, path)));
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

/** Of a union's failed arms the one that got furthest is the one the person meant. */
function closestArm(arms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (arm: readonly Issue[]) => Math.max(...arm.map((issue) => issue.path.length));
  const shaped = arms.filter(
    (arm) => arm.length > 0 && !arm.some((i) => i.code === 'invalid_type' && i.path.length === 0),
  );
  const candidates = shaped.length > 0 ? shaped : arms.length === 1 ? arms : [];
  return [...candidates].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

/** Without what another problem says better: a key that is missing because it is misspelt. */
export function withoutNoise(problems: readonly Problem[]): Problem[] {
  const quoted = (text: string) => /"([^"]*)"/.exec(text)?.[1] ?? '';
  const unknown = problems.filter(({ code }) => code === 'unknown-key');
  return problems.filter(({ code, message }) => {
    if (code !== 'missing-key') return true;
    const path = quoted(message).split('.');
    const key = path.pop() ?? '';
    const inside = path.length > 0 ? ` in ${path.join('.')}` : '';
    return !unknown.some(
      (one) => one.message === `unknown key "${quoted(one.message)}"${inside}` && nearest(quoted(one.message), [key]),
    );
  });
}
