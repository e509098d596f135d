import { recordName } from '../config/config.ts';
import { prepareRecord } from '../record/schema.ts';
import { type Calendar, narrow } from '../time/grain.ts';
import { merge, type Range } from '../time/range.ts';
import { civilDayAt, showDay } from '../time/zone.ts';
import type { Database } from '../warehouse/database.ts';
import { readOwnRecord, statesOf } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

/** Whole business days, `until` not included, as `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly until: string;
}

/** What a model or source offers: over which days, and which version of the data by day range. */
export interface Coverage {
  readonly days: readonly DayRange[];
  /** Ids of the builds behind it, by which a later change is noticed. */
  readonly builds: readonly string[];
}

const always: DayRange = { from: '0001-01-01', until: '9999-12-31' };

/**
 * Over which days each model and source is built and current, by name. What has no time covers all days once it is
 * there. A model that failed its audits, or whose SQL or inputs have changed since, is not current.
 */
export async function readCoverage(workspace: Workspace, database: Database): Promise<Map<string, Coverage>> {
  const { config, nodes } = workspace;
  await prepareRecord(database, recordName(config));
  const recorded = await readOwnRecord(database, workspace);
  const coverage = new Map<string, Coverage>();
  for (const [name, state] of statesOf(nodes, recorded, config.calendar)) {
    if (state.kind === 'whole') {
      const there = state.version !== undefined;
      coverage.set(name, { days: there ? [always] : [], builds: there ? [state.version] : [] });
      continue;
    }
    const days = wholeDays(state.segments, config.calendar);
    coverage.set(name, { days, builds: [...new Set(state.segments.map((segment) => segment.version))] });
  }
  return coverage;
}

/** The business days that ranges hold from beginning to end; ranges that touch make one, were they built hour by hour. */
export function wholeDays(ranges: Iterable<Range>, calendar: Calendar): DayRange[] {
  const show = (instant: number) => showDay(civilDayAt(calendar.timezone, instant));
  return merge(ranges).flatMap((range) => {
    const whole = narrow('day', range, calendar);
    return whole ? [{ from: show(whole.from), until: show(whole.until) }] : [];
  });
}
