import { didYouMean } from '../config/nearest.ts';
import type { Call } from './calls.ts';
import { type DatePart, datePartNames, isCountable } from './date-parts.ts';
import { type Draft, findTop, type Span } from './draft.ts';
import { hasArguments } from './plain-calls.ts';

/** DATEADD and DATEDIFF: the part becomes a text. */
export const dateMath = (name: string) => (draft: Draft, call: Call) => {
  if (!hasArguments(draft, call, 3, 3)) return;
  const part = takePart(draft, call, call.args[0]);
  if (!part) return;
  if (isCountable(part)) draft.replace(call.at, `redshift.${name}`);
  else draft.refuse(call.open + 1, `${call.name.toUpperCase()} does not count in ${part}`);
};

/** DATE_PART(part, time): a double, with the fraction of its seconds. */
export function datePart(draft: Draft, call: Call): void {
  if (!hasArguments(draft, call, 2, 2)) return;
  const part = takePart(draft, call, call.args[0]);
  draft.replace(call.at, 'redshift.date_part');
  if (part !== 'millisecond') return;
  const hint = 'EXTRACT(ms FROM ..) is known.';
  draft.refuse(
    call.open + 1,
    'what DATE_PART gives for milliseconds is not known well enough to have a local form',
    hint,
  );
}

/** EXTRACT(part FROM time): whole numbers. */
export function extract(draft: Draft, call: Call) {
  const from = findTop(draft, call.inside, (at) => draft.word(at) === 'from');
  if (from === undefined) return draft.refuse(call.at, 'EXTRACT needs a FROM');
  const part = takePart(draft, call, { from: call.open + 1, until: from });
  draft.replace(call.at, 'redshift.extract_part');
  draft.replace(from, ',');
  if (part !== 'microsecond') return;
  const hint = 'DATE_PART(us, ..) is known.';
  draft.refuse(
    call.open + 1,
    'what EXTRACT gives for microseconds is not known well enough to have a local form',
    hint,
  );
}

/** DATE_TRUNC('part', time): of a date, too, a timestamp without time zone. */
export function dateTrunc(draft: Draft, call: Call): void {
  if (!hasArguments(draft, call, 2, 2)) return;
  const part = takePart(draft, call, call.args[0]);
  draft.replace(call.at, 'redshift.date_trunc');
  if (part && !isCountable(part)) draft.refuse(call.open + 1, `DATE_TRUNC does not cut at ${part}`);
}

/** Reads a part, given as a word or a string, and puts its one name in its place. */
function takePart(draft: Draft, call: Call, span: Span | undefined): DatePart | undefined {
  const token = span && span.until - span.from === 1 ? draft.tokens[span.from] : undefined;
  if (!span || !token || !/^(word|string|quoted)$/.test(token.kind)) {
    draft.refuse(span?.from ?? call.at, `the date part of ${call.name.toUpperCase()} must be a word, such as month`);
    return undefined;
  }
  const written = token.text.replace(/^['"]|['"]$/g, '').toLowerCase();
  const part = datePartNames.get(written);
  if (part) draft.replace(span.from, `'${part}'`);
  else
    draft.refuse(span.from, `there is no date part ${written}`, didYouMean(written, new Set(datePartNames.values())));
  return part;
}
