import type { Part } from '../../channel.ts';

/** Signs that a file's caption and a text may have (WhatsApp's own limits are 1,024 and 65,536). */
const longestCaption = 1_000;
const longestText = 4_000;

/** The words of a part, with its reference in the last line: by that it is found again in the chat. */
export function captionOf({ content, reference }: Pick<Part, 'content' | 'reference'>): string {
  const limit = content.attachments.length > 0 ? longestCaption : longestText;
  const words = cleaned(content.caption || content.text);
  const signs = [...words];
  const room = limit - reference.length - 10;
  const kept =
    signs.length > room
      ? `${signs
          .slice(0, room - 1)
          .join('')
          .trimEnd()}…`
      : words;
  return `${kept}\n\nRef ${reference}`.trim();
}

/** Lines as a composer takes them: no spaces at their ends, none of what would not be typed. */
function cleaned(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/[ \u00a0]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Whether two texts are the same but for the spaces and line ends, which pages add and take as they like. */
export function sameWords(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/[\s\u200b\u200e\u200f\u202a-\u202e\u00a0]+/gu, '');
  return plain(one) === plain(other);
}
