import { gunzipSync } from 'node:zlib';
import { queryFrame } from './backend.ts';
import { isAt, type Token, tokensOf } from './lexer.ts';
import { homeSchema } from './rewrite.ts';
import type { Bucket, SpecialTools } from './special.ts';
import { errorFields, errorFrame, type Frame, frame, zeroEnded } from './wire.ts';

/** A refusal by SQLSTATE and message. */
export const fail = (C: string, M: string): Buffer[] => [errorFrame({ C, M })];
export const errorOf = (frames: readonly Frame[]): Frame | undefined => frames.find(({ letter }) => letter === 'E');

/**
 * `COPY table (columns) FROM 's3://...' IAM_ROLE '...' [MANIFEST] CSV [GZIP]`, performed by PostgreSQL's own COPY in the
 * client's transaction (pages COPY, "Using a manifest to specify data files").
 */
export async function copyFrom(text: string, { aside, bucket }: SpecialTools): Promise<Buffer[]> {
  const tokens = tokensOf(text);
  const from = tokens.findIndex((token, index) => token.value === 'from' && tokens[index + 1]?.kind === 'text');
  const url = unquoted(tokens[from + 1]);
  if (!/^s3:\/\//.test(url)) return fail('0A000', 'COPY reads from S3 here: FROM needs an s3:// location.');
  if (!credentialsIn(tokens)) return fail('42601', "COPY needs credentials, such as IAM_ROLE 'arn'.");
  if (!bucket) return fail('XX000', `S3ServiceException: the bucket does not exist (${url})`);
  const urls = has(tokens, 'manifest') ? await manifestOf(url, bucket) : await bucket.list(url);
  if (typeof urls === 'string') return fail('XX000', urls);
  if (urls.length === 0) return fail('XX000', `The specified S3 prefix '${url}' does not exist`);
  const parts: Buffer[] = [];
  for (const one of urls) {
    const content = await bucket.get(one);
    if (!content) return fail('XX000', `Mandatory url is not present in manifest file: ${one}`);
    parts.push(has(tokens, 'gzip') ? gunzipSync(content) : content);
  }
  const target = text.slice(tokens[0]?.until, tokens[from]?.from);
  const header = has(tokens, 'ignoreheader') ? ', header' : '';
  const opened = await aside(queryFrame(`copy ${target} from stdin with (format csv${header})`));
  const refused = errorOf(opened);
  if (refused) return [frame('E', refused.body)];
  const ended = await aside(...parts.map((part) => frame('d', part)), frame('c'));
  const bad = errorOf(ended);
  // "Load into table failed. Check 'stl_load_errors' system table for details": Redshift names no line in the message.
  if (bad) {
    const { M = '' } = errorFields(bad.body);
    return fail(
      'XX000',
      `Load into table '${target.trim()}' failed.  Check 'sys_load_error_detail' system table for details. (${M})`,
    );
  }
  const count = /\d+/.exec(ended.find(({ letter }) => letter === 'C')?.body.toString() ?? '')?.[0] ?? '0';
  await aside(queryFrame(`select set_config('${homeSchema}.copied', '${count}', false)`));
  return [frame('C', zeroEnded('COPY'))];
}

/** Whether a word stands in a statement. */
export const has = (tokens: readonly Token[], word: string): boolean =>
  tokens.some((_, index) => isAt(tokens, index, word));

export const credentialsIn = (tokens: readonly Token[]): boolean =>
  has(tokens, 'iam_role') || has(tokens, 'credentials');

/** What a literal says. */
export function unquoted(token: Token | undefined): string {
  return token?.kind === 'text'
    ? token.value
        .replace(/^\$\$|\$\$$/g, '')
        .replace(/^'|'$/g, '')
        .replaceAll("''", "'")
    : '';
}

/** The files that a manifest lists, or what is wrong with it. */
async function manifestOf(url: string, bucket: Bucket): Promise<readonly string[] | string> {
  const content = await bucket.get(url);
  if (!content) return `Problem reading manifest file - S3ServiceException: The specified key does not exist (${url})`;
  const { entries }: { entries: readonly { url: string }[] } = JSON.parse(content.toString('utf8'));
  return entries.map((entry) => entry.url);
}
