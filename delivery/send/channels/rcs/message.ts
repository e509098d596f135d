import { partReference } from '../../../enqueue/key.ts';
import type { Part, PublicLinks } from '../../channel.ts';
import { type FileKind, fileKindOf } from '../http/part-words.ts';

/** Bytes of a picture and of a file, signs of a card's and of a message's text. */
const limits = { picture: 2_000_000, file: 100_000_000, card: 2000, text: 3072 } as const;

export type RcsMessage =
  | { readonly kind: 'written'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'misfit'; readonly reason: string };

/**
 * A part's own name at the provider: a UUID made of its key, the same at every attempt, so that the platform takes it once.
 * Of the key's digits it begins with those that the reference is made of.
 */
export function rcsMessageId(key: string): string {
  return `${key.slice(0, 8)}-${key.slice(8, 12)}-5${key.slice(12, 15)}-a${key.slice(15, 18)}-${key.slice(18, 30)}`;
}

/** The reference of the part that a message id was made for; undefined for what others sent. */
export function referenceOfMessage(id: string): string | undefined {
  const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-5([0-9a-f]{3})-a[0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return digits ? partReference(digits.slice(1).join('')) : undefined;
}

/**
 * A part as RCS shows it: a picture with its caption is a card; another file with words is its words with a button, without
 * words the file itself. `ttl` in seconds: what is not delivered by then the platform takes back, and says so.
 */
export async function rcsMessage(part: Part, ttl: number, links: Pick<PublicLinks, 'file'>): Promise<RcsMessage> {
  const [file] = part.content.attachments;
  const { caption } = part.content;
  const kind = fileKindOf(file, limits.picture);
  const longest = kind === 'image' ? limits.card : limits.text;
  if ([...caption].length > longest) return misfit(`the caption is longer than the ${longest} signs that RCS takes`);
  if ((file?.bytes ?? 0) > limits.file) return misfit('the file is bigger than RCS takes');
  if (file === undefined && caption.trim() === '') return misfit('there is nothing to say');
  const url = file && (await links.file(file));
  if (file !== undefined && url === undefined) return misfit('without public_url there are no links to files');
  const contentMessage = contentOf(kind, caption, url);
  return { kind: 'written', body: { contentMessage, ttl: `${ttl}s`, messageTrafficType: 'TRANSACTION' } };
}

function contentOf(kind: FileKind, caption: string, fileUrl: string | undefined): Record<string, unknown> {
  if (fileUrl === undefined) return { text: caption };
  if (caption === '') return { contentInfo: { fileUrl } };
  if (kind === 'image') {
    const media = { height: 'TALL', contentInfo: { fileUrl } };
    return {
      richCard: { standaloneCard: { cardOrientation: 'VERTICAL', cardContent: { description: caption, media } } },
    };
  }
  const action = { text: 'Open', postbackData: 'open', openUrlAction: { url: fileUrl } };
  return { text: caption, suggestions: [{ action }] };
}

const misfit = (reason: string): RcsMessage => ({ kind: 'misfit', reason });
