import type { Attempt, Channel, Found, Part } from '../send/channel.ts';

/** A part that may have gone, and the attempt that left it so. */
export interface UnclearPart {
  readonly part: Part;
  readonly attempt: Attempt;
}

/** What a look makes of an unclear part; `stay` is looked at again later. */
export type AfterLook =
  | { readonly kind: 'sent'; readonly providerId: string }
  | { readonly kind: 'queued'; readonly mayHaveGone?: true }
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'stay' };

/** What confirming needs of the ledger. */
export interface ConfirmLedger {
  /** A lane's unclear parts; `slotId` limits them to one slot's. */
  unclear(lane: string, slotId?: string): Promise<UnclearPart[]>;
  /** Moves a part that is still unclear. */
  afterLook(part: Part, after: AfterLook): Promise<void>;
}

export interface LookRequest {
  readonly lane: string;
  readonly slotId?: string;
  /** Holds for a person what cannot be looked up and has been unclear for this many seconds; without it, nothing is held. */
  readonly holdAfter?: number;
}

/** Looks for a lane's unclear parts where the channel can be asked; what it cannot tell is held for a person. */
export async function lookForUnclear(
  ledger: ConfirmLedger,
  channel: Pick<Channel, 'find'>,
  request: LookRequest,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  for (const { part, attempt } of await ledger.unclear(request.lane, request.slotId)) {
    signal.throwIfAborted();
    const found = await channel.find?.(part, attempt, signal);
    const age = (now.getTime() - attempt.startedAt.getTime()) / 1000;
    await ledger.afterLook(part, decideAfterLook(found, age, request.holdAfter, now));
  }
}

/**
 * Only a trusted "not sent", or a provider that takes nothing twice, queues a part again; `age` in seconds since the attempt began. Nobody is asked while the
 * channel may still tell by itself.
 */
export function decideAfterLook(
  found: Found | undefined,
  age: number,
  holdAfter: number | undefined,
  now: Date,
): AfterLook {
  if (found?.kind === 'sent') return { kind: 'sent', providerId: found.providerId };
  if (found?.kind === 'not-sent') return { kind: 'queued' };
  if (found?.kind === 'repeat') return { kind: 'queued', mayHaveGone: true };
  if (holdAfter === undefined || age < holdAfter) return { kind: 'stay' };
  if (found?.until !== undefined && now < found.until) return { kind: 'stay' };
  return { kind: 'held', reason: found?.reason ?? 'this channel cannot be asked whether it was sent' };
}
