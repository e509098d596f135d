import { type Database, type Session, sql } from '#engine';
import { statesBefore } from './moves.ts';
import type { Tables } from './tables.ts';

/** Why nothing is sent at all, and since when (ISO instant). */
export interface HeldLedger {
  readonly reason: string;
  readonly since: string;
  /** It holds itself: it may not know all it sent. */
  readonly restored: boolean;
}

const restored = 'the ledger was brought back from a backup or moved';

/** The stop of all sending: by hand, or because the ledger was brought back from a backup and may not know all it sent. */
export interface Hold {
  held(): Promise<HeldLedger | undefined>;
  /** Stops all sending; a hold that is there stays as it is. */
  hold(reason: string): Promise<void>;
  /** Lets sending go on. */
  release(): Promise<void>;
  /**
   * Takes what waited before an instant as possibly gone: queued parts are held for a person, and slots that were being
   * made are skipped. Returns how many of each.
   */
  doubt(before: Date, reason: string): Promise<{ readonly parts: number; readonly slots: number }>;
}

export function holdOf(database: Database, t: Tables): Hold {
  return {
    async held() {
      const [row] = await database.query<{ value: string }>(sql`select value from ${t.settings} where name = 'held'`);
      if (row === undefined) return undefined;
      const held: Omit<HeldLedger, 'restored'> = JSON.parse(row.value);
      return { ...held, restored: held.reason === restored };
    },
    hold: (reason) => writeHold(database, t, reason),
    async release() {
      await database.query(sql`delete from ${t.settings} where name = 'held'`);
    },
    doubt: (before, reason) =>
      database.transaction(async (tx) => {
        const at = sql`${before.toISOString()}::timestamptz`;
        const parts = await tx.query(sql`
          with doubted as (
            update ${t.parts} p set state = 'held', reason = ${reason}, changed_at = now()
            from ${t.messages} m
            where m.id = p.message_id and m.created_at < ${at} and p.state = any(${statesBefore('held')})
            returning p.id, p.lane, p.reference, p.attempts, m.edition, m.recipient, m.slot_id
          )
          insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
          select 'doubted', s.report, s.slot, d.edition, d.recipient, d.lane, d.reference, d.attempts, 'held', ${reason}
          from doubted d join ${t.slots} s on s.id = d.slot_id
          returning id`);
        const slots = await tx.query(sql`
          with doubted as (
            update ${t.slots} set state = 'skipped', reason = ${reason}, changed_at = now()
            where state in ('waiting', 'frozen') and tick_at < ${at}
            returning report, slot
          )
          insert into ${t.events} (event, report, slot, detail)
          select 'slot skipped', report, slot, ${reason} from doubted returning id`);
        return { parts: parts.length, slots: slots.length };
      }),
  };
}

/**
 * Holds a ledger that is not where it was last opened: another server or a schema made anew means that it was brought back
 * from a backup, and what was sent since that backup it does not know.
 */
export async function holdIfMoved(database: Database, t: Tables, schema: string): Promise<void> {
  const [home] = await database.query<{ now: string; then: string | null }>(sql`
    select concat_ws('/',
        case when has_function_privilege('pg_control_system()', 'execute')
          then (select system_identifier::text from pg_control_system()) end,
        (select oid::text from pg_namespace where nspname = ${schema})
      ) as now,
      (select value from ${t.settings} where name = 'home') as then`);
  if (home === undefined || home.now === home.then) return;
  await database.transaction(async (tx) => {
    // Whatever else it was held for: this is what must be asked about before it goes on.
    if (home.then !== null) {
      await tx.query(sql`delete from ${t.settings} where name = 'held'`);
      await writeHold(tx, t, restored);
    }
    await tx.query(sql`
      insert into ${t.settings} (name, value) values ('home', ${home.now})
      on conflict (name) do update set value = excluded.value`);
  });
}

async function writeHold(on: Pick<Session, 'query'>, t: Tables, reason: string): Promise<void> {
  const value = JSON.stringify({ reason, since: new Date().toISOString() });
  await on.query(sql`insert into ${t.settings} (name, value) values ('held', ${value}) on conflict (name) do nothing`);
}
