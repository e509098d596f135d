import type { Call } from './calls.ts';
import { type Draft, findTop } from './draft.ts';
import { hasArguments } from './plain-calls.ts';

/** MEDIAN(x): an aggregate. */
export function median(draft: Draft, call: Call) {
  if (!hasArguments(draft, call, 1, 1) || !isPlainOver(draft, call)) return;
  draft.replace(call.at, 'redshift.median');
}

/** PERCENTILE_CONT(p) and PERCENTILE_DISC(p) WITHIN GROUP (ORDER BY x): the values sorted, then one read or two mixed. */
export const percentile = (name: string) => (draft: Draft, call: Call) => {
  if (!hasArguments(draft, call, 1, 1) || !isPlainOver(draft, call)) return;
  const { within } = call;
  if (!within) return draft.refuse(call.at, `${call.name.toUpperCase()} needs WITHIN GROUP (ORDER BY ..)`);
  if (findTop(draft, within.order, (at) => draft.is(at, ',')) !== undefined)
    return draft.refuse(call.at, `${call.name.toUpperCase()} sorts by one expression`);
  const direction = findTop(draft, within.order, (at) => /^(asc|desc|nulls)$/.test(draft.word(at)));
  const descending = direction !== undefined && draft.word(direction) === 'desc';
  if (direction !== undefined) draft.hide({ from: direction, until: within.order.until });
  draft.replace(call.at, `redshift.${name}`);
  draft.replace(call.close, ', redshift.sorted');
  draft.hide({ from: within.span.from, until: within.span.from + 2 });
  draft.hide({ from: within.order.from - 2, until: within.order.from });
  draft.after(call.end, descending ? ', true)' : ')');
};

/**
 * LISTAGG([DISTINCT] x, delimiter) WITHIN GROUP (ORDER BY ..): all values in order, joined by a function that leaves out
 * nulls and empty texts and, for DISTINCT, what came before.
 */
export function listagg(draft: Draft, call: Call) {
  if (!hasArguments(draft, call, 1, 2) || !isPlainOver(draft, call)) return;
  const { args, close, distinct, over, within } = call;
  const delimiter = args[1];
  if (distinct !== undefined) draft.hide({ from: distinct, until: distinct + 1 });
  draft.replace(call.at, 'redshift.listagg(array_agg');
  draft.replace(call.open, '((');
  if (delimiter) {
    draft.replace(delimiter.from - 1, ')::text');
    draft.hide(delimiter);
  }
  const shut = delimiter ? '' : ')::text';
  const joined = () => `, ${delimiter ? draft.copy(delimiter) : "''"}${distinct === undefined ? '' : ', true'})`;
  if (over) {
    draft.replace(close, `${shut})`);
    if (within) draft.hide(within.span);
    if (within) draft.before(over.close, () => ` order by ${draft.copy(within.order)} ${wholeFrame}`);
  } else if (within) {
    draft.replace(close, shut);
    draft.hide({ from: within.span.from, until: within.order.from - 2 });
  } else draft.replace(close, `${shut})`);
  draft.after(call.end, joined);
}

const wholeFrame = 'rows between unbounded preceding and unbounded following';

/** These functions take PARTITION BY in their OVER and nothing else. */
function isPlainOver(draft: Draft, { name, over }: Call): boolean {
  const wrong = over?.order ?? over?.frame;
  if (wrong !== undefined) draft.refuse(wrong, `the OVER of ${name.toUpperCase()} takes PARTITION BY alone`);
  return wrong === undefined;
}

/** AVG: of integers a whole number, of decimals one with their own scale, both cut off and not rounded. */
export function avg(draft: Draft, call: Call): void {
  if (!hasArguments(draft, call, 1, 1)) return;
  draft.replace(call.at, 'redshift.average(sum');
  const over = () => (call.over ? ` over (${draft.copy({ from: call.over.open + 1, until: call.over.close })})` : '');
  draft.after(call.end, () => `, count(${draft.copy(call.inside)})${over()})`);
}
