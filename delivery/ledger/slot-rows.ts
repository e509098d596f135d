import { Fault, type Statement, sql } from '#engine';
import type { Slot } from '../slot/slot.ts';
import type { HeldSlot } from './slot.ts';
import type { Tables } from './tables.ts';

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

/** Condition that a slot is frozen to this content still; true where none is named. */
export function isFrozenTo(t: Tables, slotId: string, sha256: string | undefined): Statement {
  if (sha256 === undefined) return sql`true`;
  return sql`exists (select from ${t.slots} fs where fs.id = ${slotId}::bigint and fs.frozen_sha256 = ${sha256})`;
}

/** Throws `Fault` lost where no row says that the slot is frozen to its content still. */
export function refuseLost(still: readonly unknown[]): void {
  if (still.length === 0) throw new Fault('lost', 'what the slot was frozen to was let go of meanwhile');
}

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
