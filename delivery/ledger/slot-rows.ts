import { sql } from '#engine';
import type { Slot } from '../slot/slot.ts';
import type { HeldSlot } from './slot.ts';

/** A row of slots. */
export interface SlotRow extends Omit<HeldSlot, 'frozen'> {
  readonly frozen_sha256: string | null;
}

/** A row of slots as what it is about. */
export interface AboutRow extends SlotRow {
  readonly day: string;
  readonly from_day: string;
  readonly until_day: string;
  readonly tick_at: string;
  readonly deadline_at: string | null;
  readonly useful_until: string | null;
}

/** `keySlotOf` of a row of slots, as the index has it. */
export const keySlot = sql`(case when limits ? 'testTo' then slot else coalesce(limits ->> 'of', slot) end)`;

/** The columns of a `SlotRow`. */
export const slotColumns = sql`id, report, slot, resend, state, frozen_sha256, limits`;

/** The columns of an `AboutRow`. */
export const aboutColumns = sql`
  id, report, slot, resend, state, frozen_sha256, limits, day, from_day, until_day, tick_at, deadline_at, useful_until`;

/** A row as the ledger hands it out. */
export function heldSlot({ id, report, slot, resend, state, frozen_sha256, limits }: SlotRow): HeldSlot {
  return { id, report, slot, resend, state, frozen: frozen_sha256 ?? undefined, limits };
}

export function aboutOf(row: AboutRow): Slot {
  return {
    report: row.report,
    id: row.slot,
    date: row.day,
    days: { from: row.from_day, until: row.until_day },
    tick: new Date(row.tick_at),
    ...(row.deadline_at === null ? {} : { deadline: new Date(row.deadline_at) }),
    ...(row.useful_until === null ? {} : { usefulUntil: new Date(row.useful_until) }),
  };
}
