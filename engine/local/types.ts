import { didYouMean } from '../config/nearest.ts';
import type { Draft } from './draft.ts';

/** Types by their first word; what PostgreSQL calls otherwise, or nothing where it has the same name. */
const types: ReadonlyMap<string, string | undefined> = new Map<string, string | undefined>([
  ...(
    'smallint int2 integer int int4 bigint int8 decimal numeric real float4 double float float8 boolean bool character ' +
    'char varchar bpchar text date timestamp timestamptz time timetz interval'
  )
    .split(' ')
    .map((name): [string, undefined] => [name, undefined]),
  ['nvarchar', 'varchar'],
  ['nchar', 'char'],
  ['datetime', 'timestamp'],
]);

const foreign = new Set('super hllsketch geometry geography varbyte varbinary binary'.split(' '));

/**
 * Reads a type's name at a token, makes it PostgreSQL's, and returns where it ends. Refuses a type that has no local form,
 * and then returns undefined.
 */
export function readType(draft: Draft, at: number): number | undefined {
  const word = draft.word(at);
  if (!types.has(word)) {
    if (foreign.has(word)) draft.refuse(at, `the type ${word.toUpperCase()} has no local form`);
    else
      draft.refuse(at, `${draft.tokens[at]?.text ?? 'nothing'} is no type of Redshift`, didYouMean(word, types.keys()));
    return undefined;
  }
  const local = types.get(word);
  if (local !== undefined) draft.replace(at, local);
  let end = at + 1;
  if (word === 'double' && draft.word(end) === 'precision') end++;
  else if (/^n?char(acter)?$/.test(word) && draft.word(end) === 'varying') end++;
  if (draft.is(end, '(')) {
    if (draft.word(end + 1) === 'max') draft.replace(end + 1, '65535');
    end = draft.partner(end) + 1;
  } else if (word === 'numeric' || word === 'decimal') draft.replace(at, `${word}(18, 0)`);
  if (/^time(stamp)?$/.test(word) && /^with(out)?$/.test(draft.word(end)) && draft.word(end + 1) === 'time') end += 3;
  return end;
}

/** Every type that a text casts to. CONVERT's own are read with the call. */
export function rewriteTypes(draft: Draft): void {
  for (const [at, token] of draft.tokens.entries()) {
    if (token.text === '::') readType(draft, at + 1);
    else if (draft.word(at) === 'cast' && draft.is(at + 1, '(') && !draft.isReplaced(at)) rewriteCast(draft, at + 1);
  }
}

function rewriteCast(draft: Draft, open: number): void {
  const close = draft.partner(open);
  for (let at = open + 1; at < close; at++) {
    if (draft.partner(at) > at) at = draft.partner(at);
    else if (draft.word(at) === 'as') readType(draft, at + 1);
  }
}
