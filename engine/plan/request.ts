import type { Calendar } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import type { PlanNode } from './node.ts';
import type { Recorded } from './record.ts';
import type { FoundFile, Observation } from './step.ts';

/** What a plan is made from. Nothing here is read from anywhere: the same request gives the same plan. */
export interface PlanRequest {
  /** Every source and model, inputs before their readers. */
  readonly nodes: readonly PlanNode[];
  /** Names of what may be loaded and built. */
  readonly selected: ReadonlySet<string>;
  readonly recorded: Recorded;
  /** Files that were not there, or not the same, when their source was last loaded. */
  readonly files: readonly FoundFile[];
  /** What is new in tables that others load. */
  readonly seen?: readonly Observation[];
  readonly calendar: Calendar;
  /** Limits windows to these instants, widened to whole windows. */
  readonly range?: Range;
  /** Limits the windows of models that are named here to these stretches. */
  readonly only?: ReadonlyMap<string, readonly Range[]>;
  /** Build the range's windows again though they are current. */
  readonly rebuild?: boolean;
  /** What was asked to be built again, now or by runs that were killed before they had done it. */
  readonly rebuilds?: readonly Rebuild[];
}

/** A request to build again what is current. */
export interface Rebuild {
  /** Ids of builds sort by time: a build of a later id has done its part of the request. */
  readonly since: string;
  readonly models: ReadonlySet<string>;
  /** Undefined = all windows. */
  readonly range?: Range;
  /** A full refresh: tables without windows too, and columns as the queries give them. */
  readonly refresh: boolean;
}

/** The requests to build a model again. */
export function rebuildsOf(name: string, { rebuilds = [] }: PlanRequest): readonly Rebuild[] {
  return rebuilds.filter(({ models }) => models.has(name));
}
