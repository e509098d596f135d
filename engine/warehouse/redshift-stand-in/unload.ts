import { gzipSync } from 'node:zlib';
import { queryFrame } from './backend.ts';
import { credentialsIn, errorOf, fail, has, unquoted } from './copy.ts';
import { isAt, type Token, tokensOf } from './lexer.ts';
import { rewrite } from './rewrite.ts';
import type { SpecialTools } from './special.ts';
import { type Frame, frame, zeroEnded } from './wire.ts';

/**
 * `UNLOAD ('select') TO 's3://prefix' IAM_ROLE '...' CSV [HEADER] [GZIP] [NULL AS '...'] [MANIFEST] [PARALLEL OFF] ...`, by
 * PostgreSQL's own COPY in the client's transaction. Two slices write at once, in no order of rows; serially three files
 * follow one another (page UNLOAD).
 */
export async function unloadTo(text: string, { aside, bucket }: SpecialTools): Promise<Buffer[]> {
  const tokens = tokensOf(text);
  const prefix = unquoted(after(tokens, 'to'));
  if (!credentialsIn(tokens)) return fail('42601', "UNLOAD needs credentials, such as IAM_ROLE 'arn'.");
  if (!bucket || !/^s3:\/\//.test(prefix))
    return fail('XX000', `S3ServiceException: the bucket does not exist (${prefix})`);
  if ((await bucket.list(prefix)).length > 0 && !has(tokens, 'allowoverwrite'))
    return fail(
      'XX000',
      'Specified unload destination on S3 is not empty. Consider using a different bucket / prefix.',
    );
  const frames = await aside(queryFrame(`copy (${rewrite(unquoted(tokens[2]))}) to stdout with (${waysOf(tokens)})`));
  const error = errorOf(frames);
  if (error) return [frame('E', error.body)];
  const gzip = has(tokens, 'gzip');
  const entries: { readonly url: string }[] = [];
  for (const [name, rows] of filesOf(frames, isSerial(tokens))) {
    const url = `${prefix}${name}${gzip ? '.gz' : ''}`;
    const content = Buffer.concat(rows.map(({ body }) => body));
    // "When zero rows are unloaded, Amazon Redshift might write empty Amazon S3 objects."
    await bucket.put(url, gzip && content.length > 0 ? gzipSync(content) : content);
    entries.push({ url });
  }
  if (has(tokens, 'manifest')) await bucket.put(`${prefix}manifest`, Buffer.from(JSON.stringify({ entries })));
  return [frame('C', zeroEnded('UNLOAD'))];
}

function waysOf(tokens: readonly Token[]): string {
  const nothing = tokens.findIndex(({ kind, value }) => kind === 'word' && value === 'null');
  const given = tokens.slice(nothing).find(({ kind }) => kind === 'text');
  const header = has(tokens, 'header') ? ', header' : '';
  return `format csv${header}${nothing < 0 || !given ? '' : `, null ${given.value}`}`;
}

const after = (tokens: readonly Token[], word: string): Token | undefined =>
  tokens.find((token, index) => token.kind === 'text' && tokens[index - 1]?.value === word);

const isSerial = (tokens: readonly Token[]): boolean =>
  tokens.some((_, index) => isAt(tokens, index, 'parallel', 'off') || isAt(tokens, index, 'parallel', 'false'));

/** The rows by file name. */
function filesOf(frames: readonly Frame[], serial: boolean): readonly (readonly [string, readonly Frame[]])[] {
  const rows = frames.filter(({ letter }) => letter === 'd');
  const third = Math.ceil(rows.length / 3);
  if (serial) return [0, 1, 2].map((part) => [`00${part}`, rows.slice(part * third, (part + 1) * third)] as const);
  return [1, 0].map((slice) => [`000${slice}_part_00`, rows.filter((_, index) => index % 2 === slice)] as const);
}
