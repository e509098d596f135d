import { type Database, sql } from '#engine';
import { unsettledStates } from './moves.ts';
import type { Tables } from './tables.ts';

/** A slot whose contents are gone, and the files that nothing else is made of. */
export interface PurgedSlot {
  readonly report: string;
  readonly slot: string;
  /** Names in the file store. */
  readonly files: readonly string[];
}

export interface Purge {
  /** How many slots `one` would purge. */
  count(before: Date): Promise<number>;
  /**
   * Takes contents, addresses and names out of the oldest slot that was opened before an instant and has ended; keys,
   * states and times stay as a tombstone. Suppressions stay. Undefined when there is none.
   */
  one(before: Date): Promise<PurgedSlot | undefined>;
  /** Lets go of files noted before an instant for slots that there are no more; returns their names in the file store. */
  strays(before: Date): Promise<string[]>;
}

/** The name that stands for a person of whom nothing is kept. */
const nobody = '(purged)';

export function purgeOf(database: Database, t: Tables): Purge {
  const old = (before: Date) => sql`
    s.purged_at is null and s.opened_at < ${before.toISOString()}::timestamptz
      and s.state in ('sealed', 'skipped', 'given-up')
      and not exists (
        select from ${t.parts} p join ${t.messages} m on m.id = p.message_id
        where m.slot_id = s.id and p.state = any(${unsettledStates()})
      )`;
  return {
    async count(before) {
      const [row] = await database.query<{ n: number }>(
        sql`select count(*)::int as n from ${t.slots} s where ${old(before)}`,
      );
      return row?.n ?? 0;
    },

    one: (before) =>
      database.transaction(async (tx) => {
        const [slot] = await tx.query<{ id: string; report: string; slot: string; frozen_sha256: string | null }>(sql`
          select id, report, slot, frozen_sha256 from ${t.slots} s where ${old(before)}
          order by opened_at, id limit 1 for update skip locked`);
        if (slot === undefined) return undefined;
        const id = sql`${slot.id}::bigint`;
        const files = await tx.query<{ sha256: string }>(sql`
          with gone as (delete from ${t.files} where slot_id = ${id} returning sha256),
            content as (delete from ${t.content_files} where slot_id = ${id} returning sha256),
            own as (
              select sha256 from gone union select sha256 from content
              union select ${slot.frozen_sha256} where ${slot.frozen_sha256}::text is not null
            )
          select sha256 from own
          where not exists (select from ${t.files} f where f.sha256 = own.sha256 and f.slot_id <> ${id})
            and not exists (
              select from ${t.slots} s
              where s.frozen_sha256 = own.sha256 and s.id <> ${id} and s.purged_at is null
            )`);
        await tx.query(sql`
          update ${t.parts} p set address = '', reason = null
          from ${t.messages} m where m.id = p.message_id and m.slot_id = ${id}`);
        await tx.query(sql`
          update ${t.attempts} a set reason = null
          from ${t.parts} p join ${t.messages} m on m.id = p.message_id
          where p.id = a.part_id and m.slot_id = ${id}`);
        await tx.query(sql`
          update ${t.messages} set recipient = ${nobody}, recipient_name = null,
            rungs = (select jsonb_agg(step || '{"address": ""}') from jsonb_array_elements(rungs) as steps (step)),
            content = '{"subject": "", "text": "", "html": "", "caption": "", "attachments": []}'
          where slot_id = ${id}`);
        await tx.query(sql`
          update ${t.events} set recipient = ${nobody}, detail = null
          where report = ${slot.report} and slot = ${slot.slot} and recipient is not null`);
        await tx.query(sql`update ${t.editions} set headline = null where slot_id = ${id}`);
        await tx.query(sql`update ${t.slots} set purged_at = now(), reason = null where id = ${id}`);
        return { report: slot.report, slot: slot.slot, files: files.map(({ sha256 }) => sha256) };
      }),

    async strays(before) {
      const rows = await database.query<{ sha256: string }>(sql`
        delete from ${t.content_files} c
        where c.noted_at < ${before.toISOString()}::timestamptz
          and not exists (select from ${t.slots} s where s.id = c.slot_id)
        returning c.sha256`);
      return rows.map(({ sha256 }) => sha256);
    },
  };
}
