import { type Calendar, showEdge } from '../time/grain.ts';
import { type Range, span } from '../time/range.ts';
import type { Step } from './step.ts';

/** A step's window as people read it; undefined for steps without one. */
export function showRange(
  step: Step,
  grain: 'hour' | 'day' | 'week' | 'month',
  calendar: Calendar,
): { readonly from: string; readonly until: string } | undefined {
  const range = rangeOf(step);
  return range
    ? { from: showEdge(grain, range.from, calendar), until: showEdge(grain, range.until, calendar) }
    : undefined;
}

function rangeOf(step: Step): Range | undefined {
  if (step.kind === 'window' || step.kind === 'audit') return step.range;
  if (step.kind === 'load') return step.file.range;
  return step.kind === 'observe' ? span(step.seen.windows.flatMap(({ range }) => range ?? [])) : undefined;
}
