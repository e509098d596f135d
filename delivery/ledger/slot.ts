import type { Slot } from '../slot/slot.ts';

/*
  waiting ---- content frozen ----> frozen ---- all messages in ----> sealed
     |  ^ ^                              |
     |  | +---- files cannot be made ----+
     |  +-- asked for by a person
     v  |
  skipped | given-up
*/
export type SlotState = 'waiting' | 'frozen' | 'sealed' | 'skipped' | 'given-up';

/** What a person limited a slot to; an empty one is a slot as its report says. */
export interface SlotLimits {
  readonly edition?: string;
  readonly recipient?: string;
  /** Everything goes to this one address, marked as a test. */
  readonly testTo?: string;
  /** The period's slot that this is a part or a test of. */
  readonly of?: string;
}

/** The slot whose keys the messages have: whoever got a message by a part of it does not get it again with the whole. */
export function keySlotOf({ slot, limits }: Pick<HeldSlot, 'slot' | 'limits'>): string {
  return limits.testTo === undefined ? (limits.of ?? slot) : slot;
}

/** The slot as its pages call it: a test looks like what it tests. */
export function slotShown(slot: Slot, { of: period }: SlotLimits): Slot {
  return period === undefined ? slot : { ...slot, id: period };
}

/** How a slot is entered. */
export interface Opening {
  readonly asked: boolean;
  readonly resend: number;
  readonly limits?: SlotLimits;
}

/** A slot as the ledger holds it. */
export interface HeldSlot {
  readonly id: string;
  readonly report: string;
  readonly slot: string;
  readonly resend: number;
  readonly state: SlotState;
  /** Name in the file store of what it is made of, once that is frozen. */
  readonly frozen: string | undefined;
  readonly limits: SlotLimits;
}

/** A slot still to be made, with what it was entered as. */
export interface UnsealedSlot extends HeldSlot {
  readonly about: Slot;
}
