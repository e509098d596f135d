/**
 * A tick is a dag at an instant of its schedule, recorded before anything is run for it, so that a kill cannot lose it:
 *
 *   recorded ──> due ─────── start ──────> running ──┬── done ────────────────> done
 *               │ ^                                  ├── error for good ──────> failed
 *               │ ├── error that may pass, later ────┤
 *               │ └── stopped, or its leader died ───┘
 *               ├── newer ticks stand for it, or its dag is gone ─────────────> skipped
 *               └── a dag it waits for has failed ────────────────────────────> blocked
 */
export type TickState = 'due' | 'running' | SettledState;
export type SettledState = 'done' | 'failed' | 'skipped' | 'blocked';

/** What names a tick. `at` in ms since the epoch, as all instants here. */
export interface TickKey {
  readonly dag: string;
  readonly at: number;
}

/** A tick that is not settled. */
export interface OpenTick extends TickKey {
  readonly state: 'due' | 'running';
  /** Runs of it that failed with an error that may pass. */
  readonly attempts: number;
  /** Runs of it whose scheduler was gone before they ended. They use up no attempt. */
  readonly interruptions: number;
  /** Not to be run before. */
  readonly notBefore: number;
  /** Whether its owners were told that it is late. */
  readonly lateTold: boolean;
}

/** Whether a tick has been run before: it then holds its dag's place until it is settled. */
export function hasBegun(tick: OpenTick): boolean {
  return tick.state === 'running' || tick.attempts > 0 || tick.interruptions > 0;
}

/** `daily 2026-11-23T20:15:00Z`: a tick as people and keys name it. */
export function showTick({ dag, at }: TickKey): string {
  return `${dag} ${new Date(at).toISOString().replace('.000Z', 'Z')}`;
}
