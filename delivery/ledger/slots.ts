import { type Database, Fault, type Session, sql } from '#engine';
import type { SlotHistory } from '../slot/due.ts';
import type { Slot } from '../slot/slot.ts';
import { slotEvent } from './events.ts';
import type { HeldSlot, Opening, UnsealedSlot } from './slot.ts';
import { type SlotMoves, slotMovesOf } from './slot-moves.ts';
import { type AboutRow, aboutColumns, aboutOf, heldSlot, keySlot, type SlotRow, slotColumns } from './slot-rows.ts';
import type { Tables } from './tables.ts';

export interface Slots extends SlotMoves {
  /** Enters a slot, or finds it. A person's asking opens again what was skipped or given up. */
  open(slot: Slot, how: Opening): Promise<HeldSlot>;
  /** The newest issue of a slot: the one with the highest resend number. */
  newest(report: string, slot: string): Promise<HeldSlot | undefined>;
  /** The highest resend number of a slot, those of runs limited to a part of it among them; undefined before the first. */
  lastIssue(report: string, slot: string): Promise<number | undefined>;
  /** The report and slot of a message. */
  nameOf(message: string): Promise<{ readonly report: string; readonly slot: string }>;
  /** Ids of the slots that hold these messages. */
  holding(messages: readonly string[]): Promise<string[]>;
  /** Slots that are not yet sealed and have not ended, oldest first. */
  unsealed(): Promise<UnsealedSlot[]>;
  /**
   * Since when a report's slots count, and which of them are held: since `start`, or since it was first seen, which is
   * recorded; and from the newest slot that its schedule has entered.
   */
  history(report: string, now: Date, start?: Date): Promise<SlotHistory>;
}

export function slotsOf(database: Database, t: Tables): Slots {
  return {
    ...slotMovesOf(database, t),

    open: (slot, { asked, resend, limits }) =>
      database.transaction(async (tx) => {
        const [entered] = await tx.query<SlotRow>(sql`
          insert into ${t.slots}
            (report, slot, resend, asked, day, from_day, until_day, tick_at, deadline_at, useful_until, limits, state)
          values (
            ${slot.report}, ${slot.id}, ${resend}, ${asked},
            ${slot.date}::date, ${slot.days.from}::date, ${slot.days.until}::date, ${slot.tick.toISOString()}::timestamptz,
            ${slot.deadline?.toISOString() ?? null}::timestamptz,
            ${slot.usefulUntil?.toISOString() ?? null}::timestamptz, ${JSON.stringify(limits ?? {})}::jsonb, 'waiting'
          )
          on conflict (report, slot, resend) do update
            set state = 'waiting', asked = true, reason = null, tell = false, changed_at = now()
            where excluded.asked and slots.state in ('skipped', 'given-up')
          returning ${slotColumns}`);
        if (entered) await tx.query(slotEvent(t, entered.id, 'slot opened', undefined));
        return entered ? heldSlot(entered) : await foundIn(tx, t, slot.report, slot.id, resend);
      }),

    async newest(report, slot) {
      const [row] = await database.query<SlotRow>(sql`
        select ${slotColumns} from ${t.slots} where report = ${report} and slot = ${slot} order by resend desc limit 1`);
      return row && heldSlot(row);
    },

    async lastIssue(report, slot) {
      const [row] = await database.query<{ last: number | null }>(sql`
        select max(resend) as last from ${t.slots}
        where report = ${report} and ${keySlot} = ${slot}`);
      return row?.last ?? undefined;
    },

    async nameOf(message) {
      const [row] = await database.query<{ report: string; slot: string }>(sql`
        select report, slot from ${t.slots} where id = (select slot_id from ${t.messages} where id = ${message}::bigint)`);
      if (row) return row;
      throw new Fault('invalid', `there is no message ${message}`);
    },

    async holding(messages) {
      const rows = await database.query<{ slot_id: string }>(sql`
        select distinct slot_id from ${t.messages}
        where id in (select jsonb_array_elements_text(${JSON.stringify(messages)}::jsonb)::bigint) order by slot_id`);
      return rows.map((row) => row.slot_id);
    },

    async unsealed() {
      const rows = await database.query<AboutRow>(sql`
        select ${aboutColumns}
        from ${t.slots} where state in ('waiting', 'frozen') order by tick_at, id`);
      return rows.map((row) => ({ ...heldSlot(row), about: aboutOf(row) }));
    },

    async history(report, now, start) {
      await database.query(sql`
        insert into ${t.reports} (name, first_seen_at) values (${report}, ${now.toISOString()}::timestamptz)
        on conflict (name) do nothing`);
      const [row] = await database.query<{ since: string }>(sql`
        select greatest(coalesce(${start?.toISOString() ?? null}::timestamptz, r.first_seen_at), (select max(s.tick_at) from ${t.slots} s where s.report = r.name and not s.asked))
          as since
        from ${t.reports} r where r.name = ${report}`);
      const since = new Date(row?.since ?? now);
      const held = await database.query<{ slot: string }>(sql`
        select distinct slot from ${t.slots}
        where report = ${report} and (tick_at >= ${since.toISOString()}::timestamptz or asked)`);
      const ids = new Set(held.map((one) => one.slot));
      return { since, holds: (slot) => ids.has(slot) };
    },
  };
}

async function foundIn(tx: Session, t: Tables, report: string, slot: string, resend: number): Promise<HeldSlot> {
  const [row] = await tx.query<SlotRow>(sql`
    select ${slotColumns} from ${t.slots} where report = ${report} and slot = ${slot} and resend = ${resend}`);
  if (row) return heldSlot(row);
  throw new Fault('bug', `slot ${report} ${slot} was neither entered nor found`);
}
