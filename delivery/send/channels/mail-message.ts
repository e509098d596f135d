import { type MessageContent, type MessageFile, pictureId } from '../../enqueue/message.ts';
import type { FileStore } from '../../files/file-store.ts';
import type { Part, PublicLinks } from '../channel.ts';
import { type DkimKey, withDkim } from './dkim.ts';
import { fitInto } from './oversize.ts';

/** Loaded with the first mail: most commands, and the engine's check of a project, write none. */
const mailComposer = async () => (await import('nodemailer/lib/mail-composer')).default;

/** Who a lane's mails are from. */
export interface Sender {
  /** As recipients see it: `Sales <sales@example.com>`. */
  readonly from: string;
  /** The bare address. */
  readonly address: string;
  readonly replyTo?: string;
  /** Domain of the sender's address: the Message-ID's right side. */
  readonly domain: string;
  /** What its mails are signed with; undefined where the mail server signs, or nobody. */
  readonly dkim?: DkimKey;
}

/** The Message-ID of a part, the same at every attempt. It is for searching: no mail server drops a second one. */
export function messageIdOf(part: Pick<Part, 'reference'>, domain: string): string {
  return `<tiffin.${part.reference}@${domain}>`;
}

function signed(mail: Buffer, { dkim }: Sender): Promise<Buffer> | Buffer {
  return dkim === undefined ? mail : withDkim(mail, dkim);
}

/** A mail that proves that the journal gets what is sent to it. It goes to the journal and to nobody else. */
export async function canaryOf(name: string, sender: Sender, to: string): Promise<Buffer> {
  const MailComposer = await mailComposer();
  const mail = new MailComposer({
    from: sender.from,
    to,
    subject: 'Do copies arrive here?',
    headers: { 'X-Tiffin-Canary': name, 'Auto-Submitted': 'auto-generated' },
    text: 'This mail proves that copies of reports arrive here. It is looked for before a report is sent again.',
    messageId: `<tiffin.canary.${name}@${sender.domain}>`,
  });
  return signed(await mail.compile().build(), sender);
}

/** What writing a mail takes. */
export interface MailTools {
  readonly files: Pick<FileStore, 'read'>;
  readonly links: PublicLinks;
  /** Bytes of attachments that a mail carries at most. */
  readonly maxBytes: number;
}

export type WrittenMail =
  | { readonly kind: 'written'; readonly mail: Buffer }
  /** Files that fit into no mail, and no place to link them to: it would arrive without them. */
  | { readonly kind: 'too-big'; readonly reason: string };

/**
 * The bytes of a part as a mail (RFC 5322): text beside HTML, the picture inside, the files attached, and the part's key
 * to search by. Files that are too big are linked, and both texts say so; one click ends the writing (RFC 8058).
 */
export async function mailOf(part: Part, sender: Sender, { files, links, maxBytes }: MailTools): Promise<WrittenMail> {
  const { subject, inline, attachments } = part.content;
  const { carried, linked } = fitInto(attachments, maxBytes);
  const outside = await linksTo(linked, links);
  if (outside === undefined) {
    const names = linked.map(({ format }) => format).join(', ');
    return { kind: 'too-big', reason: `too big for a mail, and without public_url there are no links: ${names}` };
  }
  const { text, html } = withLinks(part.content, outside);
  const attached = await Promise.all(
    carried.map(async ({ name, mediaType, sha256 }) => ({
      filename: name,
      contentType: mediaType,
      content: Buffer.from(await files.read(sha256)),
    })),
  );
  const picture = inline && {
    filename: inline.name,
    contentType: inline.mediaType,
    content: Buffer.from(await files.read(inline.sha256)),
    contentDisposition: 'inline' as const,
    cid: pictureId,
  };
  const unsubscribe = await links.unsubscribe(part);
  const MailComposer = await mailComposer();
  const mail = new MailComposer({
    from: sender.from,
    ...(sender.replyTo === undefined ? {} : { replyTo: sender.replyTo }),
    to: part.recipientName === undefined ? part.address : { name: part.recipientName, address: part.address },
    subject,
    messageId: messageIdOf(part, sender.domain),
    headers: {
      // On one line: mailboxes are searched for it.
      'X-Tiffin-Key': { prepared: true, foldLines: false, value: part.key },
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribe === undefined
        ? {}
        : {
            'List-Unsubscribe': { prepared: true, foldLines: false, value: `<${unsubscribe}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
    text,
    ...(html === '' ? {} : { html }),
    attachments: picture ? [...attached, picture] : attached,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { kind: 'written', mail: await signed(await mail.compile().build(), sender) };
}

interface OutsideFile {
  readonly name: string;
  readonly megabytes: string;
  readonly url: string;
}

/** Links to all of these files; undefined when one cannot be linked. */
async function linksTo(linked: readonly MessageFile[], links: PublicLinks): Promise<OutsideFile[] | undefined> {
  const outside: OutsideFile[] = [];
  for (const file of linked) {
    const url = await links.file(file);
    if (url === undefined) return undefined;
    outside.push({ name: file.name, megabytes: (file.bytes / 1_000_000).toFixed(1), url });
  }
  return outside;
}

function withLinks(content: MessageContent, outside: readonly OutsideFile[]): Pick<MessageContent, 'text' | 'html'> {
  const { text, html } = content;
  if (outside.length === 0) return { text, html };
  const lines = outside.map(({ name, megabytes, url }) => `${name} (${megabytes} MB): ${url}`);
  const items = outside.map(
    ({ name, megabytes, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(name)}</a> (${megabytes} MB)</p>`,
  );
  const said = 'Too big for a mail; the links work for 14 days:';
  const more = `<p>${said}</p>${items.join('')}`;
  const end = html.lastIndexOf('</body>');
  return {
    text: `${text}\n\n${said}\n${lines.join('\n')}\n`,
    html: html === '' ? '' : end < 0 ? html + more : html.slice(0, end) + more + html.slice(end),
  };
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
