import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a link that we signed stands for. It holds no address and no personal data. */
const linkSchema = z.discriminatedUnion('kind', [
  /** Ends the writing to the address that the part with this reference went to. */
  z.object({ kind: z.literal('unsubscribe'), reference: z.string() }),
  /** Hands out a file until `expires`, in milliseconds. */
  z.object({
    kind: z.literal('file'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    name: z.string(),
    mediaType: z.string(),
    expires: z.number(),
  }),
]);
export type Link = z.infer<typeof linkSchema>;

/** A link as the last piece of a URL. Signed with a key made from the ledger's secret for this alone. */
export function signLink(secret: string, link: Link): string {
  const text = Buffer.from(JSON.stringify(link)).toString('base64url');
  return `${text}.${macOf(secret, text)}`;
}

/** What a token stands for; undefined when it is not ours, was changed or has expired. */
export function readLink(secret: string, token: string, now: Date): Link | undefined {
  const [text = '', mac = '', ...rest] = token.split('.');
  const right = Buffer.from(macOf(secret, text));
  const given = Buffer.from(mac);
  if (rest.length > 0 || right.byteLength !== given.byteLength || !timingSafeEqual(right, given)) return undefined;
  // What carries our signature is what we wrote; an earlier version of this program may have written it otherwise.
  const read = linkSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if (!read.success) return undefined;
  return read.data.kind === 'file' && read.data.expires <= now.getTime() ? undefined : read.data;
}

function macOf(secret: string, text: string): string {
  const key = createHmac('sha256', secret).update('links').digest();
  return createHmac('sha256', key).update(text).digest('base64url');
}
