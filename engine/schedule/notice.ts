import type { Dag } from '../project/dag.ts';
import { showTick, type TickKey } from './tick.ts';

/** Something that a dag's owners shall hear, once a recipient. */
export interface Notice extends TickKey {
  /** Unique for dag, tick, kind and recipient: whoever sends it may use it to send it once. */
  readonly key: string;
  readonly kind: NoticeKind;
  /** `email:<name>`, sent by the delivery daemon, or `webhook:env:NAME`, posted by the scheduler. */
  readonly to: string;
  readonly message: string;
}

export type NoticeKind = 'failed' | 'blocked' | 'late';

/** The notices of an event, one for each of the dag's recipients. */
export function noticesOf(dag: Dag | undefined, tick: TickKey, kind: NoticeKind, what: string): Notice[] {
  return (dag?.onFailure ?? []).map((to) => ({
    key: `${kind} ${showTick(tick)} ${to}`,
    kind,
    dag: tick.dag,
    at: tick.at,
    to,
    message: `${showTick(tick)} ${what}`,
  }));
}

/** When the owners of a tick are to be told that it is late; undefined = never. */
export function lateAt(dag: Pick<Dag, 'deadline'> | undefined, tick: TickKey): number | undefined {
  return dag?.deadline === undefined ? undefined : tick.at + dag.deadline;
}

/** `2h`, `90m`: a deadline as its dag file says it. */
export function showSpan(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
}
