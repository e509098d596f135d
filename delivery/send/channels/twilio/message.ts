import type { Part, PublicLinks } from '../../channel.ts';
import { type FileKind, marked, type PartWord, partWords, wordOf } from '../http/part-words.ts';

/** What Twilio carries a message by. */
export type TwilioRoad = 'whatsapp' | 'rcs' | 'sms';

export interface TwilioSender {
  readonly road: TwilioRoad;
  /** A number or agent of the account, or a messaging service. */
  readonly from: { readonly kind: 'From' | 'MessagingServiceSid'; readonly name: string };
  /** Where a message's reports are to go. */
  readonly webhook: string | undefined;
}

/** A content template, by the numbers of its variables: https://www.twilio.com/docs/content */
export interface ContentTemplate {
  readonly sid: string;
  readonly variables: Readonly<Record<string, TemplateWord>>;
}
export type ContentTemplates = { readonly [kind in FileKind]?: ContentTemplate | undefined };

/** Besides a part's words its file's link, whole or without what the template already says of it: scheme and host. */
export const templateWords = [...partWords, 'file_url', 'file_path'] as const;
export type TemplateWord = (typeof templateWords)[number];

/** Bytes of a picture that is shown as one. */
export const longestPicture = 5_000_000;
/** Signs of a message's text, and bytes of its file: https://www.twilio.com/docs/messaging/api/message-resource */
const limits = { text: 1600, file: 16_000_000 } as const;

/** What is posted, or why a part fits into no message. */
export type TwilioMessage =
  | { readonly kind: 'written'; readonly form: URLSearchParams }
  | { readonly kind: 'misfit'; readonly reason: string };

/**
 * A part as Twilio wants it. Files go as links, which Twilio fetches; an SMS has them as links for the reader. A text ends
 * with our reference, by which Twilio's list is searched when an answer was lost; each report comes back to a URL that has it.
 */
export async function twilioMessage(
  part: Part,
  sender: TwilioSender,
  template: ContentTemplate | undefined,
  links: Pick<PublicLinks, 'file'>,
): Promise<TwilioMessage> {
  const files = part.content.attachments;
  if (sender.road !== 'sms' && files.some(({ bytes }) => bytes > limits.file)) {
    return { kind: 'misfit', reason: 'the file is bigger than Twilio takes' };
  }
  const found = await Promise.all(files.map(async (file) => ({ name: file.name, url: await links.file(file) })));
  const linked = found.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }]));
  if (linked.length < files.length) return { kind: 'misfit', reason: 'without public_url there are no links to files' };
  const form = new URLSearchParams({
    To: addressOf(sender.road, part.address),
    [sender.from.kind]: sender.from.kind === 'From' ? addressOf(sender.road, sender.from.name) : sender.from.name,
  });
  if (sender.webhook !== undefined) form.set('StatusCallback', `${sender.webhook}?part=${part.reference}`);
  if (template !== undefined) {
    form.set('ContentSid', template.sid);
    form.set('ContentVariables', JSON.stringify(filled(template, part, linked[0]?.url)));
    return { kind: 'written', form };
  }
  const spoken = sender.road === 'sms' ? linked.map(({ url }) => url) : [];
  const text = marked([part.content.caption, ...spoken].join('\n'), part.reference);
  if ([...text].length > limits.text) return { kind: 'misfit', reason: `the text is longer than ${limits.text} signs` };
  form.set('Body', text);
  if (sender.road !== 'sms') for (const { url } of linked) form.append('MediaUrl', url);
  return { kind: 'written', form };
}

/** Whether a message of this kind can be found in Twilio's list: by the reference in its text. */
export function canBeFound(templates: ContentTemplates, kind: FileKind): boolean {
  const template = templates[kind];
  return template === undefined || Object.values(template.variables).includes('reference');
}

/** `whatsapp:+919812345678`, `rcs:+919812345678`: RCS alone, because what comes after it is our ladder's to say. */
export function addressOf(road: TwilioRoad, name: string): string {
  return road === 'sms' || name.startsWith(`${road}:`) ? name : `${road}:${name}`;
}

function filled({ variables }: ContentTemplate, part: Part, url: string | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([number, word]) => [number, templateWord(part, word, url) || '–']),
  );
}

function templateWord(part: Part, word: TemplateWord, url: string | undefined): string {
  if (word === 'file_url') return url ?? '';
  if (word === 'file_path') return url === undefined ? '' : new URL(url).pathname.slice(1);
  const text = wordOf(part, word as PartWord);
  return (word === 'reference' ? `[${text}]` : text).replace(/\s+/g, ' ').trim();
}
