import { type Database, Fault, sql } from '#engine';
import { slotEvent } from './events.ts';
import { isFrozenTo, type SlotRow, slotColumns } from './slot-rows.ts';
import type { Tables } from './tables.ts';

/** How a slot goes from one state to the next; each move is made once, whoever asks for it how often. */
export interface SlotMoves {
  /** Remembers a file that is about to be written for a slot's content, so that retention finds it whatever happens. */
  noteFile(id: string, sha256: string): Promise<void>;
  /** Names the content of a slot, once: of two who come at the same time the first decides for both. Returns that content's name. */
  freeze(id: string, sha256: string): Promise<string>;
  /** After it nothing is added to the slot, and its messages may be sent. `content`: only while it is frozen to that. */
  seal(id: string, content?: string): Promise<void>;
  /**
   * Lets go of the content that a slot is frozen to, so that it can be read anew: its files could not be made. Only as long
   * as no message of it is held; returns whether it was done.
   */
  thaw(id: string, sha256: string, reason: string): Promise<boolean>;
  /** Takes back a slot that a person asked for and that still waits, as if nobody had asked. */
  withdraw(id: string): Promise<void>;
  /** `tell`: its owners are to know. */
  end(id: string, state: 'skipped' | 'given-up', reason: string, tell?: boolean): Promise<void>;
  /** Notes that making it failed, and why; it is tried again. */
  failed(id: string, reason: string): Promise<void>;
}

export function slotMovesOf(database: Database, t: Tables): SlotMoves {
  return {
    async noteFile(id, sha256) {
      await database.query(sql`
        insert into ${t.content_files} (slot_id, sha256) values (${id}::bigint, ${sha256}) on conflict do nothing`);
    },

    freeze: (id, sha256) =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<SlotRow>(sql`
          update ${t.slots} set state = 'frozen', frozen_sha256 = ${sha256}, changed_at = now()
          where id = ${id}::bigint and state = 'waiting' returning ${slotColumns}`);
        if (row) {
          await tx.query(slotEvent(t, id, 'slot frozen', undefined));
          return sha256;
        }
        const [other] = await tx.query<SlotRow>(sql`select ${slotColumns} from ${t.slots} where id = ${id}::bigint`);
        if (other?.frozen_sha256) return other.frozen_sha256;
        throw new Fault('lost', `slot ${other?.report} ${other?.slot} was ended while it was being made`);
      }),

    seal: (id, content) =>
      database.transaction(async (tx) => {
        const rows = await tx.query(sql`
          update ${t.slots} set state = 'sealed', changed_at = now()
          where id = ${id}::bigint and state = 'frozen' and ${isFrozenTo(t, id, content)} returning id`);
        if (rows.length > 0) await tx.query(slotEvent(t, id, 'slot sealed', undefined));
      }),

    thaw: (id, sha256, reason) =>
      database.transaction(async (tx) => {
        const [row] = await tx.query(sql`
          select id from ${t.slots} s where id = ${id}::bigint and state = 'frozen' and frozen_sha256 = ${sha256}
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

    end: (id, state, reason, tell = false) =>
      database.transaction(async (tx) => {
        const rows = await tx.query(sql`
          update ${t.slots} set state = ${state}, reason = ${reason}, tell = ${tell}, changed_at = now()
          where id = ${id}::bigint and state = 'waiting' returning id`);
        if (rows.length > 0) await tx.query(slotEvent(t, id, `slot ${state}`, reason));
      }),

    async failed(id, reason) {
      await database.query(sql`
        update ${t.slots} set failures = failures + 1, reason = ${reason}, changed_at = now()
        where id = ${id}::bigint and state in ('waiting', 'frozen')`);
    },
  };
}
