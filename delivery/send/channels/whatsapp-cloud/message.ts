import type { Part } from '../../channel.ts';
import { type FileKind, type PartWord, wordOf } from '../http/part-words.ts';

/** A template that a business had approved, as a part of one kind fills it. */
export interface CloudTemplate {
  readonly name: string;
  readonly language: string;
  /** What stands for {{1}}, {{2}}, ... of its body. */
  readonly body: readonly PartWord[];
}

/** Bytes of a picture that WhatsApp shows as one. */
export const longestPicture = 5_000_000;
/** Signs of a caption and of a text, bytes of a file. */
const limits = { caption: 1024, text: 4096, document: 100_000_000 } as const;

/** Why a part fits into no message; undefined when it does. Known before anything is uploaded. */
export function misfitOf(part: Part, kind: FileKind, template: CloudTemplate | undefined): string | undefined {
  const { caption, attachments } = part.content;
  const longest = kind === 'text' ? limits.text : limits.caption;
  if ((attachments[0]?.bytes ?? 0) > limits.document) return 'the file is bigger than WhatsApp takes';
  if (template !== undefined) return undefined;
  if ([...caption].length > longest) return `the caption is longer than the ${longest} signs that WhatsApp takes`;
  return kind === 'text' && caption.trim() === '' ? 'there is nothing to say' : undefined;
}

/** A part as the body of `POST /{phone number}/messages`; `media` is the id of its uploaded file. */
export function cloudMessage(part: Part, kind: FileKind, media: string | undefined, template?: CloudTemplate) {
  const file = part.content.attachments[0];
  const { caption } = part.content;
  const carried = kind === 'document' ? { id: media, filename: file?.name } : { id: media };
  const envelope = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: part.address,
  };
  if (template === undefined) {
    const free = kind === 'text' ? { body: caption } : { ...carried, ...(caption === '' ? {} : { caption }) };
    return { ...envelope, type: kind, [kind]: free };
  }
  const header = kind === 'text' ? [] : [{ type: 'header', parameters: [{ type: kind, [kind]: carried }] }];
  const words = template.body.map((word) => ({ type: 'text', text: oneLine(wordOf(part, word)) }));
  const body = words.length === 0 ? [] : [{ type: 'body', parameters: words }];
  return {
    ...envelope,
    type: 'template',
    template: {
      name: template.name,
      // The policy is required by Meta's published schema, and has this one value.
      language: { policy: 'deterministic', code: template.language },
      components: [...header, ...body],
    },
  };
}

/** A template's parameter has no line ends, tabs or runs of spaces, and is not empty. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim() || '–';
}
