import type { MessageFile } from '../../../enqueue/message.ts';
import type { Part } from '../../channel.ts';

/** What a part is to a messenger, by the file that it carries. */
export type FileKind = 'text' | 'image' | 'document';

/** A picture of more than `longestPicture` bytes goes as a document. */
export function fileKindOf(file: MessageFile | undefined, longestPicture: number): FileKind {
  if (file === undefined) return 'text';
  const shown = file.mediaType === 'image/png' || file.mediaType === 'image/jpeg';
  return shown && file.bytes <= longestPicture ? 'image' : 'document';
}

/** What may fill a template that a provider has approved. */
export const partWords = ['subject', 'caption', 'recipient', 'report', 'slot', 'reference'] as const;
export type PartWord = (typeof partWords)[number];

export function wordOf({ content, recipientName, report, slot, reference }: Part, word: PartWord): string {
  if (word === 'subject' || word === 'caption') return content[word];
  return { recipient: recipientName ?? '', report, slot, reference }[word];
}

/** Our reference at the end of a text, as a look in a provider's list finds it: `[06NRMA4XE37G]`. */
export const marked = (text: string, reference: string): string => `${text}\n[${reference}]`.trim();

/** The reference at the end of a text of ours; undefined where it is none of ours. */
export function markIn(text: string): string | undefined {
  return /\[([0-9A-HJKMNP-TV-Z]{12})\]\s*$/.exec(text)?.[1];
}
