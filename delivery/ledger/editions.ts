import { type Database, sql } from '#engine';
import type { MessageFile } from '../enqueue/message.ts';
import type { Tables } from './tables.ts';

/** A slot's edition: its key, and the hash of the rows it was made from. */
export interface HeldEdition {
  readonly key: string;
  readonly rowsSha256: string;
}

export interface Editions {
  /** Records a slot's editions; those it has stay as they are. */
  add(slotId: string, editions: readonly HeldEdition[]): Promise<void>;
  list(slotId: string): Promise<HeldEdition[]>;
  /** Records a rendered file, once: of two who rendered it the first decides for both. Returns what is recorded. */
  addFile(slotId: string, edition: string, file: MessageFile): Promise<MessageFile>;
  files(slotId: string, edition: string): Promise<MessageFile[]>;
}

interface FileRow extends Omit<MessageFile, 'mediaType' | 'bytes'> {
  readonly media_type: string;
  readonly bytes: string;
}

export function editionsOf(database: Database, t: Tables): Editions {
  const files: Editions['files'] = async (slotId, edition) => {
    const rows = await database.query<FileRow>(sql`
      select format, name, media_type, sha256, bytes from ${t.files}
      where slot_id = ${slotId}::bigint and edition = ${edition} order by format`);
    return rows.map(({ media_type, bytes, ...rest }) => ({ ...rest, mediaType: media_type, bytes: Number(bytes) }));
  };
  return {
    files,

    async add(slotId, editions) {
      await database.query(sql`
        insert into ${t.editions} (slot_id, key, rows_sha256)
        select ${slotId}::bigint, key, "rowsSha256"
        from jsonb_to_recordset(${JSON.stringify(editions)}::jsonb) as given (key text, "rowsSha256" text)
        on conflict do nothing`);
    },

    list: (slotId) =>
      database.query<HeldEdition>(sql`
        select key, rows_sha256 as "rowsSha256" from ${t.editions} where slot_id = ${slotId}::bigint order by key`),

    async addFile(slotId, edition, file) {
      await database.query(sql`
        insert into ${t.files} (slot_id, edition, format, name, media_type, sha256, bytes)
        values (${slotId}::bigint, ${edition}, ${file.format}, ${file.name}, ${file.mediaType}, ${file.sha256}, ${file.bytes})
        on conflict do nothing`);
      const recorded = (await files(slotId, edition)).find((one) => one.format === file.format);
      return recorded ?? file;
    },
  };
}
