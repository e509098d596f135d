import type { Windowing } from '../project/model.ts';
import type { Range } from '../time/range.ts';
import type { AuditMark } from './audited.ts';
import type { Segment } from './segments.ts';

/** A source or model as planning sees it. */
export type PlanNode = SourceNode | DeferredNode | ViewNode | TableNode | IncrementalNode;

export interface SourceNode {
  readonly kind: 'source';
  /** Loaded by others, and only looked at. */
  readonly watched?: boolean;
  readonly name: string;
  readonly timed: boolean;
  /** Without time: whether a change of it makes its readers' history stale. */
  readonly restates: boolean;
}

/** Something that is read from another environment, and never built in this one. */
export interface DeferredNode {
  readonly kind: 'deferred';
  readonly name: string;
  /** What the other environment's record says of it. */
  readonly state: State;
}

interface ModelNode {
  readonly name: string;
  /** Hash of the canonical SQL and of the header's words that change what it means. */
  readonly sqlHash: string;
  readonly inputs: readonly string[];
  /** Today's audits. */
  readonly audits: readonly AuditMark[];
}

/** With audits it counts only while they have passed on what its inputs hold now. */
export interface ViewNode extends ModelNode {
  readonly kind: 'view';
  /** Whether its inputs without time restate its readers, though they do not say so themselves. */
  readonly restates: boolean;
}

export interface TableNode extends ModelNode {
  readonly kind: 'table';
  /** Whether the model names a time column or says `restates: true`: only then a change of it restates its readers. */
  readonly restates: boolean;
}

export interface IncrementalNode extends ModelNode {
  readonly kind: 'incremental';
  readonly windowing: Windowing;
  /** First instant of `start`, or undefined where the inputs decide. */
  readonly start: number | undefined;
}

/** What a node offers to its readers now. `restates`: a change of what was there makes its readers' history stale. */
export type State =
  /** Data by time. */
  | {
      readonly kind: 'timed';
      readonly segments: readonly Segment[];
      readonly restates: boolean;
      /** There, but not counted: a blocking audit has not been asked. */
      readonly unaudited?: readonly Range[];
    }
  /** Data without time; no version = not there yet. */
  | {
      readonly kind: 'whole';
      readonly version: string | undefined;
      readonly restates: boolean;
      readonly unaudited?: true;
    };

/** The states of a model's inputs, by name. */
export type InputStates = ReadonlyMap<string, State>;

/** The state of what is not there. */
export const absent: State = { kind: 'whole', version: undefined, restates: false };

/** What a node reads; nothing, for a source. */
export function inputsOf(node: PlanNode): readonly string[] {
  return node.kind === 'source' || node.kind === 'deferred' ? [] : node.inputs;
}
