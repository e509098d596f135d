import { type Database, type Session, sql } from '../warehouse/database.ts';
import type { Change, Outbox, UnsentNotice } from './port.ts';
import { prepareTables, type Tables } from './tables.ts';

const iso = (at: number) => new Date(at).toISOString();

type NoticeRow = Omit<UnsentNotice, 'at' | 'to'> & { readonly at_ms: string; readonly recipient: string };

/** What is to be told to owners, for who sends what the scheduler does not: `unsent('email:', ...)`, then `noteSent`. */
export async function openOutbox(state: Database, target: string): Promise<Outbox> {
  return openNotices(state, await prepareTables(state, target));
}

/** The outbox over tables that are there. */
export function openNotices(state: Database, { notices }: Tables): Outbox {
  return {
    async unsent(kind, now, limit) {
      const rows = await state.query<NoticeRow>(
        sql`select id, key, kind, dag, cast(extract(epoch from at) * 1000 as bigint) as at_ms, recipient, message, attempts from ${notices}
            where sent_at is null and starts_with(recipient, ${kind}) and coalesce(not_before, '-infinity') <= ${iso(now)}
            order by id limit ${limit}`,
      );
      return rows.map(({ at_ms, recipient, ...row }) => ({ ...row, at: Number(at_ms), to: recipient }));
    },
    async noteSent(id, outcome) {
      const set =
        outcome.kind === 'sent' ? sql`sent_at = now()` : sql`attempts = attempts + 1, not_before = ${iso(outcome.at)}`;
      await state.query(sql`update ${notices} set ${set} where id = ${id} and sent_at is null`);
    },
  };
}

/** Puts the notices of a change into the outbox, in the change's own transaction; those that are there stay. */
export async function addNotices(
  tx: Session,
  { notices }: Extract<Change, { notices: unknown }>,
  tables: Tables,
): Promise<void> {
  for (const { key, kind, dag, at, to: recipient, message } of notices) {
    await tx.query(
      sql`insert into ${tables.notices} (key, kind, dag, at, recipient, message)
          values (${key}, ${kind}, ${dag}, ${iso(at)}, ${recipient}, ${message}) on conflict (key) do nothing`,
    );
  }
}
