import { type Database, sql } from '#engine';

/** A part as the ledger has it at the end. */
export interface LedgerPart {
  /** As the mail carries it: `X-Tiffin-Key`. */
  readonly key: string;
  readonly state: string;
  readonly slot: string;
  readonly recipient: string;
}

export function partsInLedger(database: Database): Promise<LedgerPart[]> {
  return database.query<LedgerPart>(sql`
    select p.key, p.state, s.slot, m.recipient
    from delivery_local.parts p join delivery_local.messages m on m.id = p.message_id
    join delivery_local.slots s on s.id = m.slot_id order by p.id`);
}

/** Whether anything is still to be done: slots to be made, parts to be sent or under way. */
export async function isAtRest(database: Database, slots: number): Promise<boolean> {
  const [row] = await database
    .query<{ sealed: number; moving: number }>(sql`
      select (select count(*)::int from delivery_local.slots where state = 'sealed') as sealed,
        (select count(*)::int from delivery_local.parts where state in ('queued', 'sending')) as moving`)
    .catch(() => []);
  return row !== undefined && row.sealed >= slots && row.moving === 0;
}

/**
 * Lets an hour pass in the ledger: leases run out, and what is to be tried later is tried now. Only while no process that
 * sends is alive, or is stopped: those alive keep their leases by asking.
 */
export async function letTimePass(database: Database): Promise<void> {
  await database.query(
    sql`update delivery_local.attempts set lease_until = now() - interval '1 second' where ended_at is null`,
  );
  await database.query(
    sql`update delivery_local.lanes set lease_until = now() - interval '1 second' where owner is not null`,
  );
  await retryNow(database);
}

/** Lets the time pass after which refusals for now are tried again. */
export async function retryNow(database: Database): Promise<void> {
  await database.query(
    sql`update delivery_local.parts set not_before = now() where state = 'queued' and not_before > now()`,
  );
  await database.query(sql`update delivery_local.lanes set resume_at = null where resume_at is not null`);
}

/** Numbers from 0 to before 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
