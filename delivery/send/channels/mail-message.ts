import MailComposer from 'nodemailer/lib/mail-composer';
import type { FileStore } from '../../files/file-store.ts';
import type { Part } from '../channel.ts';

/** Who a lane's mails are from. */
export interface Sender {
  /** As recipients see it: `Sales <sales@example.com>`. */
  readonly from: string;
  /** The bare address: whom the mail server tells about undelivered mail. */
  readonly address: string;
  readonly replyTo?: string;
  /** Domain of the sender's address: the Message-ID's right side. */
  readonly domain: string;
}

/** The Message-ID of a part, the same at every attempt. It is for searching: no mail server drops a second one. */
export function messageIdOf(part: Pick<Part, 'reference'>, domain: string): string {
  return `<tiffin.${part.reference}@${domain}>`;
}

/**
 * The bytes of a part as a mail (RFC 5322): text beside HTML, the picture inside, the files attached, and the part's key
 * to search by.
 */
export async function mailOf(part: Part, sender: Sender, files: Pick<FileStore, 'read'>): Promise<Buffer> {
  const { subject, text, attachments, inline } = part.content;
  const cid = `${part.reference}@${sender.domain}`;
  const attached = await Promise.all(
    attachments.map(async ({ name, mediaType, sha256 }) => ({
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
    cid,
  };
  const mail = new MailComposer({
    from: sender.from,
    ...(sender.replyTo === undefined ? {} : { replyTo: sender.replyTo }),
    to: part.recipientName === undefined ? part.address : { name: part.recipientName, address: part.address },
    subject,
    messageId: messageIdOf(part, sender.domain),
    headers: { 'X-Tiffin-Key': part.key, 'Auto-Submitted': 'auto-generated' },
    text,
    html: htmlOf(subject, text, picture ? cid : undefined),
    attachments: picture ? [...attached, picture] : attached,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}

/** The text as HTML: its paragraphs and lines, then the picture. */
export function htmlOf(title: string, text: string, cid: string | undefined): string {
  const paragraphs = text
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean)
    .map((paragraph) => `<p style="margin:0 0 1em">${linked(escaped(paragraph)).replaceAll('\n', '<br>\n')}</p>`);
  const picture = cid
    ? `<p style="margin:0"><img src="cid:${cid}" alt="${escaped(title)}" style="max-width:100%;height:auto"></p>`
    : '';
  return `<!doctype html>
<html><head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:16px;font:15px/1.5 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;color:#1a1a1a">
${paragraphs.join('\n')}
${picture}
</body></html>
`;
}

function linked(html: string): string {
  return html.replace(/https?:\/\/[^\s<]+[^\s<.,;:)]/g, (url) => `<a href="${url}">${url}</a>`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
