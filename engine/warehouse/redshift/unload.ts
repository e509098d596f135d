import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { pgFormat, type Queryable } from '@databases/pg';
import { parse } from 'csv-parse';
import { z } from 'zod';
import type { UnloadPlace } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import { openClient } from '../client.ts';
import { describeTypes, type TypedColumn } from '../describe.ts';
import { textLiteral } from '../dialect.ts';
import type { Server } from '../server.ts';
import { type Statement, sql } from '../statement.ts';
import { valueParsers } from '../values.ts';
import type { Aws } from './aws.ts';
import { cursorOn } from './cursor.ts';
import { bucketOf } from './load.ts';
import { outerWords } from './outer-words.ts';

type Place = UnloadPlace & { readonly aws: Aws };

/**
 * Types whose text UNLOAD writes as the server sends it: boolean, integers, numeric, date, timestamps, text, varchar. Floats
 * lose digits there (manual page "UNLOAD", "Loss of floating-point precision"); of others the manual says nothing.
 */
const exactTypes: ReadonlySet<number> = new Set([16, 20, 21, 23, 25, 1043, 1082, 1114, 1184, 1700]);

/**
 * Streams a statement's rows, in a transaction: by UNLOAD and S3 where the server expects many and every value comes
 * through exactly, else by cursor. The transaction goes on after it, and sees the same moment by either way.
 */
export async function* unloadRows(
  server: Server,
  place: Place,
  on: Queryable,
  statement: Statement,
  signal?: AbortSignal,
): AsyncGenerator<never, void, void> {
  const { text, values } = statement.format(pgFormat);
  if (values.length > 0 || !canUnload(text) || (await expectedRows(on, statement)) < place.rows) {
    return yield* cursorOn(on, statement);
  }
  const columns = await columnsOf(server, text);
  if (!columns.every(({ type }) => exactTypes.has(type))) return yield* cursorOn(on, statement);
  yield* unloaded(place, on, text, columns, signal);
}

/** The outer select of UNLOAD may have neither LIMIT nor TOP; how backslashes in its literal are read no page says. */
function canUnload(text: string): boolean {
  if (/\\|\$\$|;/.test(text)) return false;
  const words = outerWords(text);
  return words.has('select') && !['limit', 'top', 'offset', 'fetch', 'into'].some((word) => words.has(word));
}

/** What the planner expects. It never performs the statement, and tells its mistakes as the statement itself would. */
async function expectedRows(on: Queryable, statement: Statement): Promise<number> {
  const [plan = []] = await on.query([sql`explain ${statement}`]);
  const [line] = plan.flatMap((row: object) => Object.values(row));
  return Number(/rows=(\d+)/.exec(String(line))?.[1] ?? 0);
}

async function columnsOf(server: Server, text: string): Promise<readonly TypedColumn[]> {
  await using client = await openClient(server);
  return await describeTypes(client.connection, text);
}

const manifestFile = z.object({ entries: z.array(z.object({ url: z.string() })) });

/** Serial files are numbered in the order of their rows. */
const byNumber = new Intl.Collator('en', { numeric: true });

async function* unloaded(
  place: Place,
  on: Queryable,
  text: string,
  columns: readonly TypedColumn[],
  signal: AbortSignal | undefined,
): AsyncGenerator<never, void, void> {
  const { aws, region } = place;
  const { bucket, prefix } = bucketOf(place.at);
  const folder = `s3://${bucket}/${prefix}${randomUUID()}/`;
  const nothing = randomUUID();
  const endpoint = aws.endpoint('s3', `s3.${region}.amazonaws.com`);
  const addressOf = (url: string) => `${endpoint}/${url.slice('s3://'.length)}`;
  const manifest = `${folder}manifest`;
  let urls: readonly string[] = [];
  try {
    await on.query([sql.__dangerous__rawValue(unloadStatement(text, folder, nothing, place))]);
    const request = { method: 'GET', url: addressOf(manifest), headers: {}, body: '' } as const;
    const { entries } = manifestFile.parse(JSON.parse(await aws.send('s3', request, signal)));
    urls = entries.map(({ url }) => url).sort(byNumber.compare);
    if (!urls.every((url) => url.startsWith(folder)))
      throw new Fault('failed', `UNLOAD wrote elsewhere than ${folder}`);
    const parsers = columns.map(({ type }) => valueParsers.get(type) ?? String);
    for (const url of urls) {
      const body = await aws.read('s3', addressOf(url), signal);
      if (!body) continue;
      for await (const record of recordsOf(body)) {
        const row = columns.map(({ name }, index) => {
          const value = record[index] ?? nothing;
          return [name, value === nothing ? null : parsers[index]?.(value)];
        });
        yield Object.fromEntries(row) as never;
      }
    }
  } finally {
    // What cannot be taken away now, or no manifest names, the bucket's own rule of age takes.
    for (const url of [...urls, manifest]) {
      const request = { method: 'DELETE', url: addressOf(url), headers: {}, body: '' } as const;
      await aws.send('s3', request).catch(() => {});
    }
  }
}

async function* recordsOf(body: Readable): AsyncGenerator<readonly string[], void, void> {
  const parser = parse({ record_delimiter: '\n' });
  const flowing = pipeline(body, createGunzip(), parser);
  // The parser tells its reader, who may have left.
  flowing.catch(() => {});
  const records: AsyncIterable<readonly string[]> = parser;
  yield* records;
  await flowing;
}

/**
 * CSV, because it alone writes numbers and texts as they are and takes a text for null, so that null and the empty text
 * stay two things (PARQUET and JSON refuse NULL AS). Serial where the rows have an order, which only then is kept.
 */
export function unloadStatement(
  query: string,
  to: string,
  nothing: string,
  { role, region, kmsKey }: Pick<UnloadPlace, 'role' | 'region' | 'kmsKey'>,
): string {
  return [
    `unload (${textLiteral(`${query}\n`)})`,
    `to ${textLiteral(to)} iam_role ${textLiteral(role)} region ${textLiteral(region)}`,
    `format csv gzip manifest null as ${textLiteral(nothing)} maxfilesize 64 mb`,
    `parallel ${outerWords(query).has('order') ? 'off' : 'on'}`,
    ...(kmsKey === undefined ? [] : [`kms_key_id ${textLiteral(kmsKey)} encrypted`]),
  ].join('\n');
}
