import type { Rung } from '../edition/plan-messages.ts';
import type { StoredFile } from '../files/file-store.ts';
import type { Format } from '../report/schema.ts';
import { partKey, partReference } from './key.ts';

/** A rendered and checked file as messages carry it. */
export interface MessageFile extends StoredFile {
  readonly format: Format;
  /** Where it is not in its edition's own. */
  readonly locale?: string;
  /** What the recipient sees: `Daily sales 2021-12-21.pdf`. */
  readonly name: string;
  readonly mediaType: string;
  /** The same in several files, for channels that it is too large for. */
  readonly pieces?: readonly MessageFile[];
}

/** How a message's HTML names its inline picture (`cid:`). */
export const pictureId = 'picture@tiffin';

/** All that a recipient will see, as frozen: templates and data may change, this does not. */
export interface MessageContent {
  readonly subject: string;
  readonly text: string;
  /** The text once more for readers that show HTML; empty where there is none. */
  readonly html: string;
  readonly caption: string;
  readonly attachments: readonly MessageFile[];
  /** A picture to show inside the message, where the channel can. */
  readonly inline?: MessageFile;
}

/** A message on its way into the ledger. */
export interface NewMessage {
  readonly key: string;
  readonly edition: string;
  readonly entry: string;
  readonly recipient: { readonly id: string; readonly name?: string };
  readonly rungs: readonly Rung[];
  readonly content: MessageContent;
}

/** What one provider call carries. */
export interface NewPart {
  readonly key: string;
  readonly reference: string;
  readonly rung: number;
  /** Place among the message's parts on this rung, from 0. */
  readonly place: number;
  readonly lane: string;
  readonly address: string;
  readonly content: MessageContent;
}

/** The parts of a message on one rung of its ladder; none when the ladder ends below it. */
export function partsOf(message: Pick<NewMessage, 'key' | 'rungs' | 'content'>, rung: number): NewPart[] {
  const step = message.rungs[rung];
  if (step === undefined) return [];
  return contentsOf(message.content, step).map((content, place) => {
    const key = partKey(message.key, rung, place);
    return { key, reference: partReference(key), rung, place, lane: step.lane, address: step.address, content };
  });
}

/**
 * Divides a content: by file, the first part has the words and each of the others only its file. Where files may have so
 * many bytes, larger ones go in their pieces, and what is too much for one part that carries all goes in several.
 */
function contentsOf(content: MessageContent, { split, limit }: Pick<Rung, 'split' | 'limit'>): MessageContent[] {
  const attachments = limit === undefined ? content.attachments : fitting(content.attachments, limit);
  if (split === 'whole') return limit === undefined ? [content] : packed({ ...content, attachments }, limit);
  const { inline, ...rest } = content;
  const files = inline === undefined ? attachments : [...attachments, inline];
  if (files.length === 0) return [rest];
  return files.map((file, place) =>
    place === 0 ? { ...rest, attachments: [file] } : { ...rest, text: '', html: '', caption: '', attachments: [file] },
  );
}

const fitting = (files: readonly MessageFile[], limit: number) =>
  files.flatMap((file) => (file.bytes > limit ? (file.pieces ?? [file]) : [file]));

/** What a file takes besides its bytes: headers, and the end of its last line. */
const around = 100;

/** The files in their order, each part with as many as it has room for; the first has words and picture, all their number. */
function packed(content: MessageContent, limit: number): MessageContent[] {
  const groups: MessageFile[][] = [];
  let room = 0;
  for (const file of content.attachments) {
    const open = groups.at(-1);
    if (open === undefined || file.bytes + around > room) {
      groups.push([file]);
      room = limit;
    } else open.push(file);
    room -= file.bytes + around;
  }
  if (groups.length < 2) return [content];
  const { inline: _, ...rest } = content;
  return groups.map((attachments, place) => {
    const subject = `${content.subject} (${place + 1}/${groups.length})`;
    if (place === 0) return { ...content, subject, attachments };
    const text = attachments.map(({ name }) => name).join('\n');
    return { ...rest, subject, text, html: '', caption: '', attachments };
  });
}
