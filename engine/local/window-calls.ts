import type { Call, Over } from './calls.ts';
import { type Draft, findTop, type Span, splitAtCommas } from './draft.ts';
import { hasArguments } from './plain-calls.ts';

/** RATIO_TO_REPORT(x) OVER (..): x over the sum of the partition's x, as a double. */
export function ratioToReport(draft: Draft, call: Call) {
  if (!hasArguments(draft, call, 1, 1)) return;
  if (!call.over || call.over.order !== undefined)
    return draft.refuse(call.at, 'RATIO_TO_REPORT needs an OVER with PARTITION BY alone, or nothing, in it');
  draft.replace(call.at, 'redshift.ratio_to_report');
  draft.replace(call.close, () => `, sum(${draft.copy(call.inside)})`);
  draft.after(call.end, ')');
}

/** FIRST_VALUE and LAST_VALUE. */
export const edgeValue = (local: string) => (draft: Draft, call: Call) => {
  needsFrame(draft, call);
  dropNulls(draft, call);
  if (call.nulls?.ignore) draft.replace(call.at, `redshift.${local}`);
};

/** NTH_VALUE(x, n): without nulls, the frame's values as a list, and the one asked for. */
export function nthValue(draft: Draft, call: Call) {
  if (!hasArguments(draft, call, 2, 2)) return;
  needsFrame(draft, call);
  dropNulls(draft, call);
  if (!call.nulls?.ignore) return;
  const [value, offset] = call.args as readonly [Span, Span];
  draft.replace(call.at, '(array_agg');
  draft.hide({ from: offset.from - 1, until: offset.until });
  draft.replace(call.close, () => `) filter (where (${draft.copy(value)}) is not null)`);
  draft.after(call.end, () => `)[${draft.copy(offset)}]`);
}

/** LAG(x, n) and LEAD(x, n): without nulls, the nearest of the values before or after that are there. */
export const neighbour = (direction: 'before' | 'after') => (draft: Draft, call: Call) => {
  if (!hasArguments(draft, call, 1, 2)) return;
  dropNulls(draft, call);
  const { over } = call;
  if (!call.nulls?.ignore) return;
  if (!over || over.order === undefined)
    return draft.refuse(call.at, `${call.name.toUpperCase()} needs an OVER with an ORDER BY`);
  const [value, offset] = call.args;
  const steps = offset ? draft.tokens[offset.from] : undefined;
  if (offset && (offset.until - offset.from !== 1 || !/^[1-9]\d*$/.test(steps?.text ?? '')))
    return draft.refuse(offset.from, 'with IGNORE NULLS only an offset written as a number has a local form');
  if (offset) draft.hide({ from: offset.from - 1, until: offset.until });
  if (direction === 'after') reverse(draft, over);
  draft.before(over.close, ' rows between unbounded preceding and 1 preceding');
  const count = Number(steps?.text ?? 1);
  if (count === 1) return draft.replace(call.at, 'redshift.last_present');
  draft.replace(call.at, 'redshift.nth_present(array_agg');
  draft.replace(call.close, () => `) filter (where (${draft.copy(value as Span)}) is not null)`);
  draft.after(call.end, `, -${count})`);
};

/** Sorts a window the other way round: what comes after is then what came before, and frames grow instead of shrinking. */
function reverse(draft: Draft, { order, close }: Over): void {
  if (order === undefined) return;
  for (const item of splitAtCommas(draft, { from: order + 2, until: close })) {
    const direction = findTop(draft, item, (at) => /^(asc|desc)$/.test(draft.word(at)));
    const nulls = findTop(draft, item, (at) => draft.word(at) === 'nulls');
    if (direction !== undefined) draft.replace(direction, draft.word(direction) === 'asc' ? 'desc' : 'asc');
    else draft.after((nulls ?? item.until) - 1, ' desc');
    if (nulls !== undefined) draft.replace(nulls + 1, draft.word(nulls + 1) === 'first' ? 'last' : 'first');
  }
}

function dropNulls(draft: Draft, { nulls }: Call): void {
  if (nulls) draft.hide(nulls.span);
}

/** An aggregate over a window: with an ORDER BY Redshift asks for a frame, where PostgreSQL would take one of its own. */
export function needsFrame(draft: Draft, { name, over }: Call): void {
  if (!over) return;
  if (over.order !== undefined && over.frame === undefined) {
    const hint = 'Add ROWS UNBOUNDED PRECEDING, or the frame that is meant.';
    draft.refuse(
      over.order,
      `Redshift asks for a frame beside the ORDER BY in the OVER of ${name.toUpperCase()}`,
      hint,
    );
  } else if (over.frame !== undefined && draft.word(over.frame) !== 'rows') {
    draft.refuse(over.frame, 'Redshift has frames of ROWS alone');
  }
}
