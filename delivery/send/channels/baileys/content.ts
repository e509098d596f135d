import type { MessageContent } from '../../../enqueue/message.ts';
import type { FileStore } from '../../../files/file-store.ts';

/** What Baileys makes a message of: a picture, a document, or words. */
export async function contentOf(
  content: MessageContent,
  files: Pick<FileStore, 'read'>,
): Promise<Readonly<Record<string, unknown>>> {
  const words = content.caption || content.text || content.subject;
  const [file] = content.attachments;
  // A link in a text is not looked up: the preview would be fetched from this machine.
  if (file === undefined) return { text: words, linkPreview: null };
  const bytes = Buffer.from(await files.read(file.sha256));
  const caption = content.caption || content.text;
  const said = caption === '' ? {} : { caption };
  if (file.format === 'png') return { image: bytes, mimetype: file.mediaType, ...said };
  return { document: bytes, mimetype: file.mediaType, fileName: file.name, ...said };
}
