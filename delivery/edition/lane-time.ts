import type { PlannedMessage } from './plan-messages.ts';

/** What a slot asks of a lane. */
export interface LaneTime {
  readonly lane: string;
  readonly parts: number;
  /** Null where nothing is known of the lane's pace. */
  readonly seconds: number | null;
}

/** How many parts the first rungs of these messages are, by lane; later rungs are only for what fails. */
export function partsByLane(messages: readonly PlannedMessage[]): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  for (const { rungs, attach, inline } of messages) {
    const [rung] = rungs;
    if (rung === undefined) continue;
    const files = attach.length + (inline === undefined ? 0 : 1);
    const own = rung.split === 'whole' ? 1 : Math.max(1, files);
    parts.set(rung.lane, (parts.get(rung.lane) ?? 0) + own);
  }
  return parts;
}

/** `pace` in seconds for one part, `parallel` of them side by side. */
export function laneTime(lane: string, parts: number, pace: number | undefined, parallel: number): LaneTime {
  const seconds = pace === undefined ? null : Number((Math.ceil(parts / parallel) * pace).toFixed(1));
  return { lane, parts, seconds };
}
