import { setTimeout as pause } from 'node:timers/promises';
import { type LaneTools, type LaneWork, sendLane } from './send-lane.ts';

/** How a slot's parts stand: what may still move by itself. */
export interface SlotProgress {
  readonly queued: number;
  /** Of the queued those whose time has come, in lanes that are not in trouble. */
  readonly ready: number;
  readonly sending: number;
}

export interface SlotSending {
  readonly lanes: readonly { readonly work: LaneWork; readonly tools: LaneTools }[];
  /** Ends leases that ran out and looks for what they left unclear. */
  readonly confirm: () => Promise<void>;
  readonly progress: () => Promise<SlotProgress>;
  readonly now: () => Date;
}

/** Milliseconds between two looks at what others do. */
const round = 200;

/**
 * Sends one slot's messages: in the lanes that are free by itself, in those that another process holds by waiting for
 * it. Returns when nothing moves any more: all is settled, or the rest waits for a later hour. `until` ends the waiting
 * for others; with `wait` the later hours are waited for, too.
 */
export async function sendSlot(sending: SlotSending, until: Date, wait: boolean, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sending.confirm();
    await Promise.all(sending.lanes.map(({ tools, work }) => sendLane(tools, work, signal)));
    const { queued, ready, sending: underWay } = await sending.progress();
    // What is ready here is in a lane that another process holds, or on the next rung of a ladder.
    const again = wait ? queued + underWay > 0 : ready + underWay > 0 && sending.now() < until;
    if (!again) return sending.confirm();
    await pause(round, undefined, { signal });
  }
}
