import { type Database, sql } from '#engine';
import type { MessageFile } from '../enqueue/message.ts';
import type { Slot } from '../slot/slot.ts';
import { stateOf } from './held-messages.ts';
import type { SlotLimits } from './slot.ts';
import { type AboutRow, aboutColumns, aboutOf, isFrozenTo, keySlot, refuseLost } from './slot-rows.ts';
import type { Tables } from './tables.ts';
import { ownersReport } from './troubles.ts';

/** What an edition was made from and what it said, kept to tell later whether its numbers have changed. */
export interface EditionFacts {
  /** Of its rows in canonical order. */
  readonly rowsSha256: string;
  /** Headline figures by name, as exact text; undefined where they were not kept. */
  readonly headline?: Readonly<Record<string, string | null>>;
  readonly queriesSha256?: string;
  /** Ids of the builds behind the tables it read. */
  readonly builds?: readonly string[];
}

/** A slot's edition. */
export interface HeldEdition extends EditionFacts {
  readonly key: string;
}

/** An edition that reached people, or may have, and who they are. */
export interface SentEdition extends EditionFacts {
  readonly report: string;
  readonly edition: string;
  readonly about: Slot;
  readonly limits: SlotLimits;
  readonly recipients: readonly string[];
}

export interface Editions {
  /**
   * Records a slot's editions; those it has stay as they are. `content`: throws `Fault` lost unless the slot is frozen to it
   * still; so do files.
   */
  add(slotId: string, editions: readonly HeldEdition[], content?: string): Promise<void>;
  list(slotId: string): Promise<HeldEdition[]>;
  /**
   * Editions of slots opened since an instant that were sent to somebody, newest first; whoever got a newer issue of one
   * is named there only. Tests and notices to owners are left out.
   */
  sentSince(since: Date): Promise<SentEdition[]>;
  /** Records a rendered file with its pieces, once: of two who rendered it the first decides for both. */
  addFile(slotId: string, edition: string, file: MessageFile, content?: string): Promise<void>;
  /** The files recorded of these editions, by edition. */
  files(slotId: string, editions: readonly string[]): Promise<ReadonlyMap<string, readonly MessageFile[]>>;
}

interface SentRow extends AboutRow {
  readonly edition: string;
  readonly rows_sha256: string;
  readonly headline: Readonly<Record<string, string | null>> | null;
  readonly queries_sha256: string | null;
  readonly builds: readonly string[] | null;
  readonly recipients: readonly string[];
}

interface FileRow extends Omit<MessageFile, 'mediaType' | 'bytes' | 'pieces'> {
  readonly edition: string;
  /** Empty for the edition's own. */
  readonly locale: string;
  /** 0 for the file, and from 1 for its pieces. */
  readonly piece: number;
  readonly media_type: string;
  readonly bytes: string;
}

export function editionsOf(database: Database, t: Tables): Editions {
  return {
    async add(slotId, editions, content) {
      const still = await database.query(sql`
        with still as (select where ${isFrozenTo(t, slotId, content)}),
        entered as (
          insert into ${t.editions} (slot_id, key, rows_sha256, headline, queries_sha256, builds)
          select ${slotId}::bigint, key, "rowsSha256", headline, "queriesSha256", builds
          from jsonb_to_recordset(${JSON.stringify(editions)}::jsonb)
            as given (key text, "rowsSha256" text, headline jsonb, "queriesSha256" text, builds jsonb)
          where exists (select from still)
          on conflict do nothing
        )
        select 1 as still from still`);
      refuseLost(still);
    },

    list: (slotId) =>
      database.query<HeldEdition>(sql`
        select key, rows_sha256 as "rowsSha256" from ${t.editions} where slot_id = ${slotId}::bigint order by key`),

    async sentSince(since) {
      const rows = await database.query<SentRow>(sql`
        with reached as (
          select distinct on (s.report, ${keySlot}, m.edition, m.entry, m.recipient) s.id as slot_id, m.edition, m.recipient
          from ${t.slots} s join ${t.messages} m on m.slot_id = s.id cross join lateral ${stateOf(t)} ms
          where s.opened_at >= ${since.toISOString()}::timestamptz and s.report <> ${ownersReport}
            and not s.limits ? 'testTo' and ms.state in ('sent', 'delivered', 'read', 'unclear', 'held')
          order by s.report, ${keySlot}, m.edition, m.entry, m.recipient, s.resend desc, s.id desc
        )
        select ${aboutColumns}, s.limits, e.key as edition, e.rows_sha256, e.headline, e.queries_sha256, e.builds,
          (select json_agg(distinct r.recipient) from reached r where r.slot_id = s.id and r.edition = e.key) as recipients
        from ${t.slots} s join ${t.editions} e on e.slot_id = s.id
        where exists (select from reached r where r.slot_id = s.id and r.edition = e.key)
        order by s.tick_at desc, s.id desc, e.key`);
      return rows.map((row) => ({
        report: row.report,
        edition: row.edition,
        about: aboutOf(row),
        limits: row.limits,
        recipients: row.recipients,
        rowsSha256: row.rows_sha256,
        ...(row.headline === null ? {} : { headline: row.headline }),
        ...(row.queries_sha256 === null ? {} : { queriesSha256: row.queries_sha256 }),
        ...(row.builds === null ? {} : { builds: row.builds }),
      }));
    },

    async addFile(slotId, edition, file, content) {
      const still = await database.query(sql`
        with still as (select where ${isFrozenTo(t, slotId, content)}),
        entered as (
          insert into ${t.files} (slot_id, edition, locale, format, piece, name, media_type, sha256, bytes)
          select ${slotId}::bigint, ${edition}, ${file.locale ?? ''}, ${file.format}, place - 1, name, "mediaType", sha256, bytes
          from rows from (
            jsonb_to_recordset(${JSON.stringify([file, ...(file.pieces ?? [])])}::jsonb)
              as (name text, "mediaType" text, sha256 text, bytes bigint)
          ) with ordinality as given (name, "mediaType", sha256, bytes, place)
          where exists (select from still)
          on conflict do nothing
        )
        select 1 as still from still`);
      refuseLost(still);
    },

    async files(slotId, editions) {
      const rows = await database.query<FileRow>(sql`
        select edition, locale, format, piece, name, media_type, sha256, bytes from ${t.files}
        where slot_id = ${slotId}::bigint
          and edition in (select jsonb_array_elements_text(${JSON.stringify(editions)}::jsonb))
        order by edition, locale, format, piece`);
      const files = rows.map(({ media_type, bytes, locale, ...rest }) => {
        const variant = locale === '' ? {} : { locale };
        return { ...rest, ...variant, mediaType: media_type, bytes: Number(bytes) };
      });
      return new Map(
        [...Map.groupBy(files, (file) => file.edition)].map(([edition, own]) => {
          return [edition, withPieces(own.map(({ edition: _, ...file }) => file))] as const;
        }),
      );
    },
  };
}

/** Files with their pieces, from the rows of both in their order. */
function withPieces(rows: readonly (MessageFile & { readonly piece: number })[]): MessageFile[] {
  const sameFile = Map.groupBy(rows, ({ locale, format }) => `${locale} ${format}`).values();
  return [...sameFile].flatMap((same) => {
    const [file, ...pieces] = same.map(({ piece: _, ...one }) => one);
    if (file === undefined) return [];
    return pieces.length === 0 ? [file] : [{ ...file, pieces }];
  });
}
