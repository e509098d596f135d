import { type Database, type Session, sql } from '#engine';
import type { ReceiptLedger } from '../confirm/collect.ts';
import type { HearLedger } from '../confirm/hear.ts';
import { afterReceipt } from '../confirm/receipt.ts';
import type { Receipt } from '../send/channel.ts';
import { goOnWithLadder } from './ladder.ts';
import type { PartState } from './moves.ts';
import { heedOptOut, suppressPart } from './suppressions.ts';
import type { Tables } from './tables.ts';

/** What providers tell us afterwards. */
export type Receipts = ReceiptLedger & HearLedger;

interface WaitingRow {
  readonly id: string;
  readonly kind: Receipt['kind'];
  readonly reason: string | null;
  readonly suppress: boolean;
  readonly provider_id: string | null;
  readonly part_id: string;
}

/**
 * Condition that receipt `r` is about part `p`. Our reference alone is not enough where the provider names, too, what it
 * speaks of and that is another message than the one the part became: it was left by an attempt that a person gave up.
 */
export const isAbout = sql`(
  r.lane = p.lane and (
    r.provider_id = p.provider_id
    or (r.reference = p.reference and (r.provider_id is null or p.provider_id is null or p.provider_id = 'by hand'))
  )
)`;

/**
 * Of receipts one that came before is dropped, and one whose part is not known yet waits for it.
 */
export function receiptsOf(database: Database, t: Tables): Receipts {
  return {
    async cursor(lane) {
      const [row] = await database.query<{ cursor: string }>(sql`select cursor from ${t.cursors} where lane = ${lane}`);
      return row?.cursor;
    },

    async keepCursor(lane, cursor) {
      await database.query(sql`
        insert into ${t.cursors} (lane, cursor) values (${lane}, ${cursor})
        on conflict (lane) do update set cursor = excluded.cursor, at = now()`);
    },

    async record(lane, receipts) {
      let added = 0;
      for (const receipt of receipts) {
        // One at a time: each locks its own part, so that two who read the same mailbox never wait for each other.
        added += await database.transaction(async (tx) => {
          const { of, kind, at, reason, suppress, address } = receipt;
          const providerId = ('providerId' in of ? of.providerId : null) ?? null;
          const reference = ('reference' in of ? of.reference : null) ?? null;
          if (providerId !== null) await lockProviderIds(tx, lane, [providerId]);
          const [entered] = await tx.query<{ id: string }>(sql`
            insert into ${t.receipts} (lane, provider_id, reference, kind, at, reason, suppress)
            values (
              ${lane}, ${providerId}, ${reference}, ${kind}, ${at.toISOString()}::timestamptz, ${reason ?? null},
              ${suppress ?? false} and (${address ?? null}::text is null or not exists (
                select from ${t.parts} p
                where p.reference = ${reference} and lower(p.address) <> lower(${address ?? null}::text)
              ))
            )
            on conflict do nothing returning id`);
          if (entered === undefined) return 0;
          const [part] = await tx.query<{ id: string }>(sql`
            select p.id from ${t.parts} p join ${t.receipts} r on ${isAbout}
            where r.id = ${entered.id}::bigint for update of p`);
          if (part) await applyReceipts(tx, t, part.id);
          return 1;
        });
      }
      return added;
    },

    heed: (lane, optOut) => heedOptOut(database, t, lane, optOut),
  };
}

/** Class of these advisory locks (the text `TIFR`). */
const lockClass = 0x54494652;

/**
 * Taken by whoever brings a receipt and by whoever settles with the name it is by, before either touches the part:
 * otherwise each could miss the other's uncommitted half, and the receipt would wait for ever. What follows in the transaction
 * finds few rows by their keys, and is planned so: where its figures are older than the ledger, a planner reads all of it.
 */
export async function lockProviderIds(tx: Session, lane: string, providerIds: readonly string[]): Promise<void> {
  await tx.query(sql`
    select pg_advisory_xact_lock(${lockClass}, one),
      set_config('enable_mergejoin', 'off', true), set_config('enable_hashjoin', 'off', true)
    from (
      select distinct hashtext(${lane} || '/' || id) as one
      from jsonb_array_elements_text(${JSON.stringify(providerIds)}::jsonb) as given (id) order by one
    ) as in_order`);
}

/** Of these parts those for which receipts wait: none, as a rule. */
export async function withReceipts(tx: Session, t: Tables, parts: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    select p.id from ${t.parts} p
    where p.id = any(${parts}::bigint[]) and exists (
      select from ${t.receipts} r
      where r.part_id is null and ${isAbout}
    )`);
  return rows.map(({ id }) => id);
}

/**
 * Moves a part by the receipts that wait for it, oldest first. Called with the part locked: when a receipt comes, and when
 * the answer that names the part does.
 */
export async function applyReceipts(tx: Session, t: Tables, partId: string): Promise<void> {
  const waiting = await tx.query<WaitingRow>(sql`
    select r.id, r.kind, r.reason, r.suppress, r.provider_id, p.id as part_id
    from ${t.parts} p
    join ${t.receipts} r on r.part_id is null and ${isAbout}
    where p.id = ${partId}::bigint order by r.at, r.id`);
  for (const receipt of waiting) {
    const [part] = await tx.query<{ state: PartState }>(sql`
      select state from ${t.parts} where id = ${partId}::bigint`);
    const move = part ? afterReceipt(part.state, receipt.kind) : { kind: 'wait' as const };
    if (move.kind === 'wait') return;
    await tx.query(sql`update ${t.receipts} set part_id = ${partId}::bigint where id = ${receipt.id}::bigint`);
    if (move.kind === 'move') {
      await tx.query(sql`
        update ${t.parts}
        set state = ${move.to}, reason = ${move.to === 'failed' ? (receipt.reason ?? 'undelivered') : null},
          provider_id = coalesce(provider_id, ${receipt.provider_id}), changed_at = now()
        where id = ${partId}::bigint`);
    }
    await recordReceipt(tx, t, partId, receipt, move.kind === 'move' ? move.to : 'ignored');
    if (receipt.suppress) await suppressPart(tx, t, partId, receipt.reason ?? 'undelivered');
    if (move.kind === 'move' && move.to === 'failed') await goOnWithLadder(tx, t, partId);
  }
}

async function recordReceipt(
  tx: Session,
  t: Tables,
  partId: string,
  receipt: WaitingRow,
  outcome: string,
): Promise<void> {
  await tx.query(sql`
    insert into ${t.events} (event, report, slot, edition, recipient, channel, part, attempt, outcome, detail)
    select ${`receipt: ${receipt.kind}`}, s.report, s.slot, m.edition, m.recipient, p.lane, p.reference, p.attempts, ${outcome}, ${receipt.reason}
    from ${t.parts} p join ${t.messages} m on m.id = p.message_id join ${t.slots} s on s.id = m.slot_id
    where p.id = ${partId}::bigint`);
}
