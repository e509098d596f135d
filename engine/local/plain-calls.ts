import type { Call } from './calls.ts';
import type { Draft, Span } from './draft.ts';
import { readType } from './types.ts';

/** NVL2(a, b, c): a CASE. */
export function nvl2(draft: Draft, call: Call): void {
  if (!hasArguments(draft, call, 3, 3)) return;
  draft.replace(call.at, '');
  draft.replace(call.open, '(case when (');
  const [first, second] = commas(call);
  draft.replace(first, ') is not null then (');
  draft.replace(second, ') else (');
  draft.replace(call.close, ') end)');
}

/** DECODE(value, search, result, .., default): a CASE in which null finds null. */
export function decode(draft: Draft, call: Call): void {
  if (!hasArguments(draft, call, 3, 1000)) return;
  const { args } = call;
  const value = args[0] as Span;
  const searches = args.filter((_, at) => at % 2 === 1 && at < args.length - 1);
  // Constants are not null: then the value need not be said, and worked out, for each of them.
  const plain = searches.every((search) => isConstant(draft, search));
  const when = () => (plain ? 'when (' : `when (${draft.copy(value)}) is not distinct from (`);
  const [first, ...others] = commas(call);
  if (!plain) draft.hide({ from: value.from, until: first });
  draft.replace(call.at, '');
  draft.replace(call.open, plain ? '(case (' : '(case');
  draft.replace(first, () => `${plain ? ')' : ''} ${when()}`);
  for (const [index, comma] of others.slice(0, args.length - 2).entries()) {
    const isLast = index === args.length - 3;
    if (index % 2 === 0) draft.replace(comma, ') then (');
    else draft.replace(comma, isLast ? ') else (' : () => `) ${when()}`);
  }
  draft.replace(call.close, ') end)');
}

const isConstant = (draft: Draft, { from, until }: Span): boolean =>
  until - from === 1 && /^(string|number)$/.test(draft.tokens[from]?.kind ?? '');

/** CONCAT(a, b) is null when one of them is; PostgreSQL's own skips nulls. */
export function concat(draft: Draft, call: Call): void {
  if (!hasArguments(draft, call, 2, 2)) return;
  draft.replace(call.at, '');
  draft.replace(call.open, '((');
  draft.replace(commas(call)[0] as number, ') || (');
  draft.replace(call.close, '))');
}

/** CONVERT(type, value): a CAST. */
export function convert(draft: Draft, call: Call) {
  if (!hasArguments(draft, call, 2, 2)) return;
  const type = call.args[0] as Span;
  const end = readType(draft, type.from);
  if (end === undefined) return;
  if (end !== type.until) return draft.refuse(end, 'CONVERT takes a type and a value');
  draft.hide({ from: type.from, until: type.until + 1 });
  draft.replace(call.at, 'cast');
  draft.replace(call.close, () => ` as ${draft.copy(type)})`);
}

/** The JSON functions: a last argument true turns invalid JSON into null. */
export const json = (name: string) => (draft: Draft, call: Call) => {
  const last = call.args.at(-1);
  const word = last && last.until - last.from === 1 ? draft.word(last.from) : '';
  const lenient = word === 'true';
  if (last && (lenient || word === 'false')) draft.hide({ from: last.from - 1, until: last.until });
  draft.replace(call.at, `redshift.${name}${lenient ? '_or_null' : ''}`);
};

/** Whether a call has so many arguments; refuses it otherwise. */
export function hasArguments(draft: Draft, call: Call, least: number, most: number): boolean {
  if (call.args.length >= least && call.args.length <= most) return true;
  const count = least === most ? `${least}` : `at least ${least}`;
  draft.refuse(call.at, `${call.name.toUpperCase()} takes ${count} arguments`);
  return false;
}

/** The comma after each argument but the last. */
function commas(call: Call): readonly [number, number, ...number[]] {
  const [first = call.close, second = call.close, ...others] = call.args.map((arg) => arg.until);
  return [first, second, ...others];
}
