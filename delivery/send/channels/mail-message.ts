import MailComposer from 'nodemailer/lib/mail-composer';
import { pictureId } from '../../enqueue/message.ts';
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
  const { subject, text, html, attachments, inline } = part.content;
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
    cid: pictureId,
  };
  const mail = new MailComposer({
    from: sender.from,
    ...(sender.replyTo === undefined ? {} : { replyTo: sender.replyTo }),
    to: part.recipientName === undefined ? part.address : { name: part.recipientName, address: part.address },
    subject,
    messageId: messageIdOf(part, sender.domain),
    headers: { 'X-Tiffin-Key': part.key, 'Auto-Submitted': 'auto-generated' },
    text,
    ...(html === '' ? {} : { html }),
    attachments: picture ? [...attached, picture] : attached,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}
