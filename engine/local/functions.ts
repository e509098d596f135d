import { didYouMean } from '../config/nearest.ts';
import { type Call, readCall } from './calls.ts';
import { dateMath, datePart, dateTrunc, extract } from './date-calls.ts';
import type { Draft } from './draft.ts';
import { regexp } from './patterns.ts';
import { concat, convert, decode, json, nvl2 } from './plain-calls.ts';
import { avg, listagg, median, percentile } from './sorted-calls.ts';
import { edgeValue, needsFrame, neighbour, nthValue, ratioToReport } from './window-calls.ts';

/** What becomes of a function's call. */
type Rule = (draft: Draft, call: Call) => void;

const same: Rule = () => {};
const renamed =
  (name: string): Rule =>
  (draft, { at }) =>
    draft.replace(at, name);
const refused =
  (hint?: string): Rule =>
  (draft, { at, name }) =>
    draft.refuse(at, `${name.toUpperCase()} has no local form`, hint);

const each = (names: string, rule: (name: string) => Rule): [string, Rule][] =>
  names.split(/\s+/).map((name) => [name, rule(name)]);

/**
 * Every function that may be called by its bare name: those that PostgreSQL has too, those that it calls otherwise, those
 * of our own schema, those that need more than a name, and those that are refused. What is not here is refused as well.
 */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...each(
    'coalesce nullif greatest least lower upper initcap left right lpad rpad ltrim rtrim trim btrim replace repeat reverse ' +
      'split_part strpos position substring substr translate ascii chr md5 octet_length length char_length ' +
      'character_length quote_ident quote_literal to_hex abs ceil ceiling floor mod power sqrt cbrt exp ln log sign pi ' +
      'random sin cos tan asin acos atan atan2 cot degrees radians to_char to_date to_timestamp to_number date cast ' +
      'row_number rank dense_rank ntile cume_dist percent_rank grouping',
    () => same,
  ),
  ...each(
    'count sum min max any_value stddev stddev_samp stddev_pop variance var_samp var_pop bool_and bool_or bit_and bit_or',
    () => needsFrame,
  ),
  ...each('nvl', () => renamed('coalesce')),
  ...each('len textlen', () => renamed('length')),
  ...each('replicate', () => renamed('repeat')),
  ...each('dexp', () => renamed('exp')),
  ...each('dlog1', () => renamed('ln')),
  ...each('dlog10', () => renamed('log')),
  ...each('getdate charindex strtol convert_timezone add_months last_day trunc round json_array_length', (name) =>
    renamed(`redshift.${name}`),
  ),
  ...each('is_valid_json is_valid_json_array', (name) => renamed(`redshift.${name}`)),
  ...each('json_extract_path_text json_extract_array_element_text', json),
  ['dateadd', dateMath('dateadd')],
  ['datediff', dateMath('datediff')],
  ['date_part', datePart],
  ['pgdate_part', datePart],
  ['extract', extract],
  ['date_trunc', dateTrunc],
  ['nvl2', nvl2],
  ['decode', decode],
  ['concat', concat],
  ['convert', convert],
  ['regexp_count', regexp('regexp_count', 3)],
  ['regexp_instr', regexp('regexp_instr', 5)],
  ['regexp_substr', regexp('regexp_substr', 4)],
  ['regexp_replace', regexp('regexp_replace', 4, 2)],
  ['listagg', listagg],
  ['median', median],
  ['percentile_cont', percentile('percentile_cont')],
  ['percentile_disc', percentile('percentile_disc')],
  ['avg', avg],
  ['ratio_to_report', ratioToReport],
  ['first_value', edgeValue('first_present')],
  ['last_value', edgeValue('last_present')],
  ['nth_value', nthValue],
  ['lag', neighbour('before')],
  ['lead', neighbour('after')],
  ['now', refused('On Redshift it runs on the leader node alone: use GETDATE() or SYSDATE.')],
  ['generate_series', refused('On Redshift it runs on the leader node alone: read a calendar model.')],
  ...each(
    'json_parse json_serialize can_json_parse object object_transform get_array_length array array_concat subarray ' +
      'split_to_array is_array is_object json_typeof',
    () => refused('SUPER values live on Redshift alone: keep JSON as text and use JSON_EXTRACT_PATH_TEXT.'),
  ),
]);

/** Rewrites every call of a text. A function with its schema before it is the user's own, and left alone. */
export function rewriteCalls(draft: Draft): void {
  for (let at = 0; at < draft.tokens.length; at++) {
    const call = readCall(draft, at);
    if (!call) continue;
    const rule = rules.get(call.name);
    if (rule) rule(draft, call);
    else {
      const hint = didYouMean(call.name, rules.keys());
      const own = 'A function of your own is named with its schema.';
      const near = hint?.startsWith('Did') ? `${hint} ${own}` : own;
      draft.refuse(at, `no local form of the function ${call.name} is known`, near);
    }
  }
}
