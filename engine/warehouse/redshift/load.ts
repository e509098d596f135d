import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import type { LoadPlace } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import { cancellable, openClient } from '../client.ts';
import { type Database, type Session, type Statement, sql } from '../database.ts';
import { quoteName, quoteRelation, textLiteral } from '../dialect.ts';
import type { RelationName } from '../relation.ts';
import type { Server } from '../server.ts';
import { faultOf } from '../sql-error.ts';
import type { Aws } from './aws.ts';

type Place = LoadPlace & { readonly aws: Aws };

/** One object of a load, before it is packed, in bytes: COPY reads several side by side. */
const partSize = 32 * 1024 * 1024;

/** `Database.copyIn` for Redshift: by COPY of a manifest where there is a place in S3, else by INSERT of many rows. */
export function loadInto(
  database: Database,
  server: Server,
  place: Place | undefined,
  table: RelationName,
  columns: readonly string[],
  csv: Readable,
  signal?: AbortSignal,
): Promise<{ readonly rowCount: number }> {
  return place
    ? copyByManifest(server, place, table, columns, csv, signal)
    : insertRows(database, table, columns, csv, signal);
}

/** Rows of one INSERT: a statement has at most 16 MB and 32,767 parameters. */
const rowsAtOnce = 200;

async function insertRows(
  database: Database,
  table: RelationName,
  columns: readonly string[],
  csv: Readable,
  signal?: AbortSignal,
): Promise<{ readonly rowCount: number }> {
  const size = Math.min(rowsAtOnce, Math.floor(30_000 / Math.max(columns.length, 1)));
  const names = sql.join(
    columns.map((name) => sql.ident(name)),
    ', ',
  );
  const into = sql`insert into ${sql.ident(table.schema, table.name)} (${names}) values `;
  let rowCount = 0;
  const insert = async (tx: Session, rows: readonly Fields[]) => {
    const lists = rows.map((row) => sql`(${sql.join(row.map(parameterOf), ', ')})`);
    await tx.query(sql`${into}${sql.join(lists, ', ')}`).catch((error: unknown) => {
      throw placed(error, table, rowCount + 1);
    });
    rowCount += rows.length;
  };
  const parser = parse({
    relax_column_count: true,
    cast: (text, { quoting }) => (text === '' && !quoting ? null : text),
  });
  const work = (tx: Session) =>
    pipeline(csv, parser, async (fields: AsyncIterable<Fields>) => {
      let rows: Fields[] = [];
      for await (const row of fields) {
        signal?.throwIfAborted();
        if (row.length !== columns.length) throw misshapen(row, columns, table, rowCount + rows.length + 1);
        rows.push(row);
        if (rows.length < size) continue;
        await insert(tx, rows);
        rows = [];
      }
      if (rows.length > 0) await insert(tx, rows);
    });
  await database.transaction(work, signal ? { signal } : {}).catch((error: unknown) => {
    throw error instanceof CsvError ? new Fault('failed', error.message, { cause: error }) : error;
  });
  return { rowCount };
}

type Fields = readonly (string | null)[];

const parameterOf = (value: string | null): Statement => sql`${value}`;

function misshapen(row: Fields, columns: readonly string[], { schema, name }: RelationName, line: number): Fault {
  const message = `${row.length} fields where ${columns.length} are wanted`;
  return new Fault('failed', message, { place: { file: `${schema}.${name}`, line } });
}

/** The server names no row of an INSERT; the first of them is as near as we come. */
function placed(error: unknown, { schema, name }: RelationName, line: number): unknown {
  if (!(error instanceof Fault)) return error;
  return new Fault(error.code, error.message, { place: { file: `${schema}.${name}`, line }, cause: error.cause });
}

async function copyByManifest(
  server: Server,
  { at, role, region, aws }: Place,
  table: RelationName,
  columns: readonly string[],
  csv: Readable,
  signal?: AbortSignal,
): Promise<{ readonly rowCount: number }> {
  const { bucket, prefix } = bucketOf(at);
  const folder = `${prefix}${randomUUID()}`;
  const objects: string[] = [];
  const endpoint = aws.endpoint('s3', `s3.${region}.amazonaws.com`);
  const send = (method: 'PUT' | 'DELETE', key: string, body: Buffer, stop?: AbortSignal) =>
    aws.send('s3', { method, url: `${endpoint}/${bucket}/${key}`, headers: {}, body }, stop);
  const put = async (key: string, body: Buffer) => {
    objects.push(key);
    await send('PUT', key, body, signal);
  };
  try {
    for await (const part of partsOf(csv)) await put(`${folder}/${objects.length}.csv.gz`, await promisify(gzip)(part));
    if (objects.length === 0) return { rowCount: 0 };
    const entries = objects.map((key) => ({ url: `s3://${bucket}/${key}`, mandatory: true }));
    await put(`${folder}/manifest`, Buffer.from(JSON.stringify({ entries })));
    await using client = await openClient(server);
    const statement = copyStatement(table, columns, `s3://${bucket}/${folder}/manifest`, role, region);
    return await cancellable(server, client.pid, signal, async () => {
      try {
        await client.connection.query(statement);
        const { rows } = await client.connection.query<{ rows: string }>('select pg_last_copy_count() as rows');
        return { rowCount: Number(rows[0]?.rows) };
      } catch (error) {
        throw faultOf(error, statement);
      }
    });
  } finally {
    // What cannot be taken away now, the bucket's own rule of age takes.
    for (const key of objects) await send('DELETE', key, Buffer.alloc(0)).catch(() => {});
  }
}

/** COPY takes no parameters: names are quoted, texts are literals. */
export function copyStatement(
  table: RelationName,
  columns: readonly string[],
  manifest: string,
  role: string,
  region: string,
): string {
  return [
    `copy ${quoteRelation(table)} (${columns.map(quoteName).join(', ')})`,
    `from ${textLiteral(manifest)} iam_role ${textLiteral(role)} region ${textLiteral(region)}`,
    'manifest csv gzip',
  ].join('\n');
}

/** `s3://bucket/prefix` as its two names; the prefix ends with a slash, or is empty. */
export function bucketOf(at: string): { readonly bucket: string; readonly prefix: string } {
  const found = /^s3:\/\/([a-z0-9.-]+)(?:\/([\w!.*'()/-]*))?$/.exec(at);
  if (!found) throw new Fault('invalid', `${at} is no place in S3; write it as s3://bucket/prefix`);
  const prefix = (found[2] ?? '').replace(/\/*$/, '/').replace(/^\/+/, '');
  return { bucket: found[1] ?? '', prefix };
}

/** The text in parts of some size, each ending at a line's end, but not within quotes. */
async function* partsOf(csv: Readable): AsyncGenerator<Buffer, void, void> {
  let held: Buffer[] = [];
  let size = 0;
  let quoted = false;
  for await (const chunk of csv) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    let end = -1;
    for (let at = 0; at < bytes.length; at += 1) {
      if (bytes[at] === 34) quoted = !quoted;
      else if (bytes[at] === 10 && !quoted) end = at + 1;
    }
    if (size + bytes.length >= partSize && end >= 0) {
      yield Buffer.concat([...held, bytes.subarray(0, end)]);
      held = [bytes.subarray(end)];
      size = bytes.length - end;
    } else {
      held.push(bytes);
      size += bytes.length;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}
