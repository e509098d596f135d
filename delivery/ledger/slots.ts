import { type Database, Fault, type Session, sql } from '#engine';
import type { SlotHistory } from '../slot/due.ts';
import type { Slot } from '../slot/slot.ts';
import { slotEvent } from './events.ts';
import type { Tables } from './tables.ts';

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

export interface Slots {
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
  /** Names the content of a slot, once: of two who come at the same time the first decides for both. Returns that content's name. */
  freeze(id: string, sha256: string): Promise<string>;
  /** After it nothing is added to the slot, and its messages may be sent. */
  seal(id: string): Promise<void>;
  /**
   * Lets go of a frozen slot's content, so that it can be read anew: its files could not be made. Only as long as no
   * message of it is held; returns whether it was done.
   */
  thaw(id: string, reason: string): Promise<boolean>;
  /** Takes back a slot that a person asked for and that still waits, as if nobody had asked. */
  withdraw(id: string): Promise<void>;
  /** `tell`: its owners are to know. */
  end(id: string, state: 'skipped' | 'given-up', reason: string, tell?: boolean): Promise<void>;
  /** Notes that making it failed, and why; it is tried again. */
  failed(id: string, reason: string): Promise<void>;
  /** Slots that are not yet sealed and have not ended, oldest first. */
  unsealed(): Promise<UnsealedSlot[]>;
  /**
   * Since when a report's slots count, and which of them are held: since `start`, or since it was first seen, which is
   * recorded; and from the newest slot that its schedule has entered.
   */
  history(report: string, now: Date, start?: Date): Promise<SlotHistory>;
}

interface SlotRow extends Omit<HeldSlot, 'frozen'> {
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

const columns = sql`id, report, slot, resend, state, frozen_sha256, limits`;

/** The columns of an `AboutRow`. */
export const aboutColumns = sql`
  id, report, slot, resend, state, frozen_sha256, limits, day, from_day, until_day, tick_at, deadline_at, useful_until`;

export function slotsOf(database: Database, t: Tables): Slots {
  return {
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
          returning ${columns}`);
        if (entered) await tx.query(slotEvent(t, entered.id, 'slot opened', undefined));
        return entered ? held(entered) : await foundIn(tx, t, slot.report, slot.id, resend);
      }),

    async newest(report, slot) {
      const [row] = await database.query<SlotRow>(sql`
        select ${columns} from ${t.slots} where report = ${report} and slot = ${slot} order by resend desc limit 1`);
      return row && held(row);
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

    freeze: (id, sha256) =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<SlotRow>(sql`
          update ${t.slots} set state = 'frozen', frozen_sha256 = ${sha256}, changed_at = now()
          where id = ${id}::bigint and state = 'waiting' returning ${columns}`);
        if (row) {
          await tx.query(slotEvent(t, id, 'slot frozen', undefined));
          return sha256;
        }
        const [other] = await tx.query<SlotRow>(sql`select ${columns} from ${t.slots} where id = ${id}::bigint`);
        if (other?.frozen_sha256) return other.frozen_sha256;
        throw new Fault('lost', `slot ${other?.report} ${other?.slot} was ended while it was being made`);
      }),

    seal: (id) =>
      database.transaction(async (tx) => {
        const rows = await tx.query(sql`
          update ${t.slots} set state = 'sealed', changed_at = now()
          where id = ${id}::bigint and state = 'frozen' returning id`);
        if (rows.length > 0) await tx.query(slotEvent(t, id, 'slot sealed', undefined));
      }),

    thaw: (id, reason) =>
      database.transaction(async (tx) => {
        const [row] = await tx.query(sql`
          select id from ${t.slots} s where id = ${id}::bigint and state = 'frozen'
            and not exists (select from ${t.messages} m where m.slot_id = s.id) for update`);
        if (row === undefined) return false;
        // Should another process enter a message just now, its edition cannot be deleted and all of this is undone.
        await tx.query(sql`delete from ${t.files} where slot_id = ${id}::bigint`);
        await tx.query(sql`delete from ${t.editions} where slot_id = ${id}::bigint`);
        await tx.query(sql`
          update ${t.slots} set state = 'waiting', frozen_sha256 = null, changed_at = now() where id = ${id}::bigint`);
        await tx.query(slotEvent(t, id, 'slot thawed', reason));
        return true;
      }),

    withdraw: (id) =>
      database.transaction(async (tx) => {
        const waiting = sql`id = ${id}::bigint and asked and state = 'waiting'`;
        const [row] = await tx.query(sql`select id from ${t.slots} where ${waiting} for update`);
        if (row === undefined) return;
        await tx.query(slotEvent(t, id, 'slot withdrawn', undefined));
        await tx.query(sql`delete from ${t.slots} where id = ${id}::bigint`);
      }),

    async failed(id, reason) {
      await database.query(sql`
        update ${t.slots} set failures = failures + 1, reason = ${reason}, changed_at = now()
        where id = ${id}::bigint and state in ('waiting', 'frozen')`);
    },

    end: (id, state, reason, tell = false) =>
      database.transaction(async (tx) => {
        const rows = await tx.query(sql`
          update ${t.slots} set state = ${state}, reason = ${reason}, tell = ${tell}, changed_at = now()
          where id = ${id}::bigint and state = 'waiting' returning id`);
        if (rows.length > 0) await tx.query(slotEvent(t, id, `slot ${state}`, reason));
      }),

    async unsealed() {
      const rows = await database.query<AboutRow>(sql`
        select ${aboutColumns}
        from ${t.slots} where state in ('waiting', 'frozen') order by tick_at, id`);
      return rows.map((row) => ({ ...held(row), about: aboutOf(row) }));
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
    select ${columns} from ${t.slots} where report = ${report} and slot = ${slot} and resend = ${resend}`);
  if (row) return held(row);
  throw new Fault('bug', `slot ${report} ${slot} was neither entered nor found`);
}

function held({ id, report, slot, resend, state, frozen_sha256, limits }: SlotRow): HeldSlot {
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
