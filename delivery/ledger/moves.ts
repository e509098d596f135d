/*
                                   refused for now (at, scope)
                  +-----------------------------------------------------+
                  v                                                     |
  enqueue ----> queued ---------- claim (lease) --------------------> sending ---- accepted ----> sent ---- receipt ----> delivered > read
  (unique key)  |  | \                                                 |   |                       |
                |  |  +-- useful_until passed -----> expired           |   |                       +-- undelivered, bounced --> failed
                |  +----- suppressed, cancelled                        |   +-- refused for good, or attempts spent ------------> failed
                +-------------------------- look: not sent --------+   |
                                                                   |   +-- threw, timed out, lease ran out
                                             look: sent -> sent <-- unclear
                                                                   +-- cannot look -> held (a person settles it)

  These are the states of a part. A message's state follows from the parts of the rung being tried; when they have surely
  failed, the next rung's parts are queued, and only the last rung's failure is the message's.
*/

export const partStates = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'unclear',
  'held',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
] as const;
export type PartState = (typeof partStates)[number];

/** Every move there is. A state that leads nowhere is final. */
const moves: Readonly<Record<PartState, readonly PartState[]>> = {
  // Held: it waited in a ledger that was brought back from a backup, and may have gone since.
  queued: ['sending', 'expired', 'suppressed', 'cancelled', 'held'],
  sending: ['queued', 'sent', 'failed', 'unclear'],
  sent: ['delivered', 'read', 'failed'],
  delivered: ['read'],
  read: [],
  // A receipt proves that an unclear part went.
  unclear: ['sent', 'queued', 'held', 'delivered', 'read', 'failed'],
  held: ['sent', 'queued', 'delivered', 'read', 'failed'],
  failed: [],
  expired: [],
  suppressed: [],
  cancelled: [],
};

/** Parts' states, the one that most needs looking after first: a message is in the first that one of its parts is in. */
export const byUrgency: readonly PartState[] = [
  'sending',
  'queued',
  'unclear',
  'held',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
  'sent',
  'delivered',
  'read',
];

/** The states from which a part may come to this one: what an update's `where` must ask for. */
export function statesBefore(to: PartState): PartState[] {
  return partStates.filter((from) => moves[from].includes(to));
}

/** What a person may do besides: try again what failed, take back what waits. */
const byHand: Readonly<Record<'queued' | 'cancelled', readonly PartState[]>> = {
  queued: ['failed', 'cancelled'],
  cancelled: ['queued'],
};

export function statesBeforeByHand(to: keyof typeof byHand): PartState[] {
  return [...byHand[to]];
}

/** Nothing more happens to it by itself. `sent` is an end as long as no receipt comes; unclear and held wait. */
export function isSettled(state: PartState): boolean {
  return state === 'sent' || moves[state].length === 0 || state === 'delivered';
}

/** The states from which something may still come of a part. */
export function unsettledStates(): PartState[] {
  return partStates.filter((state) => !isSettled(state));
}

/**
 * What becomes of a ladder when the parts of its rung are in these states. It goes on only when the rung has surely
 * failed: never after anything was accepted, is on its way or is unclear.
 */
export function ladderMove(states: readonly PartState[]): 'stay' | 'next-rung' {
  const gone = (state: PartState) => state === 'failed' || state === 'suppressed';
  return states.some(gone) && states.every((state) => gone(state) || state === 'queued' || state === 'cancelled')
    ? 'next-rung'
    : 'stay';
}
