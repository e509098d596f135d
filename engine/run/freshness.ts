import type { Recorded } from '../plan/record.ts';
import type { FreshnessLimits } from '../project/model-header.ts';
import { type Calendar, type Duration, shift } from '../time/grain.ts';
import { statesOf } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

export type FreshnessVerdict = 'fresh' | 'late' | 'too late' | 'no data' | 'not audited' | 'no limit';

/** How old the newest data of a source or model is. */
export interface Freshness {
  readonly name: string;
  readonly kind: 'source' | 'model';
  /** Where its coverage ends; undefined for what has no time or no data. */
  readonly until: number | undefined;
  /** In milliseconds; less than 0 when it covers what is still to come. */
  readonly age: number | undefined;
  readonly verdict: FreshnessVerdict;
}

/** The newest coverage of every source and model, judged by the limits that its files declare. */
export function freshnessOf({ nodes, project, config }: Workspace, recorded: Recorded, now: Date): Freshness[] {
  const states = statesOf(nodes, recorded, config.calendar);
  return nodes.map(({ name, kind }) => {
    const state = states.get(name);
    const until = state?.kind === 'timed' ? state.segments.at(-1)?.until : undefined;
    const there = state?.kind === 'timed' ? until !== undefined : state?.version !== undefined;
    const shut = state?.kind === 'timed' ? (state.unaudited ?? []).length > 0 : state?.unaudited === true;
    const limits = project.sources.get(name)?.freshness ?? project.models.get(name)?.freshness;
    return {
      name,
      kind: kind === 'source' ? 'source' : 'model',
      until,
      age: until === undefined ? undefined : now.getTime() - until,
      verdict: there ? judge(until, limits, now.getTime(), config.calendar) : shut ? 'not audited' : 'no data',
    };
  });
}

/** Judges where coverage ends: an age counts on the calendar of the business zone, so that a day may have 23 hours. */
export function judge(
  until: number | undefined,
  limits: FreshnessLimits | undefined,
  now: number,
  calendar: Calendar,
): FreshnessVerdict {
  if (until === undefined || !limits) return 'no limit';
  const passed = (limit: Duration | undefined) => limit !== undefined && shift(until, limit, 1, calendar) < now;
  if (passed(limits.error_after)) return 'too late';
  return passed(limits.warn_after) ? 'late' : 'fresh';
}
