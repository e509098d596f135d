import { createDecipheriv, createHash } from 'node:crypto';
import type { WireMessage, WireNode } from '../library.ts';
import { bytesOf, childOf, childrenOf, type World } from './answers.ts';
import type { Media } from './media.ts';
import type { Bubble } from './stand-in.ts';
import type { Tools } from './tools.ts';

/** Reads messages as their recipients' phones do: decrypts them, and the files that they name. */
export function messageReader({
  tools,
  media,
  phone,
  groups,
}: Pick<World, 'phone' | 'groups'> & { readonly tools: Tools; readonly media: Media }): (
  message: WireNode,
) => Promise<Bubble> {
  async function read(message: WireNode): Promise<Bubble> {
    const { id = '', to = '' } = message.attrs;
    const isGroup = to.endsWith('@g.us');
    const digits = isGroup ? (groups.get(to)?.members[0] ?? '') : (to.split('@')[0] ?? '');
    const theirs = childrenOf(childOf(message, 'participants')).find(
      ({ attrs }) => attrs['jid']?.split('@')[0] === digits,
    );
    const enc = childOf(theirs, 'enc');
    let content: WireMessage | undefined;
    if (enc) content = await phone(digits).read(enc.attrs['type'] ?? '', bytesOf(enc));
    if (isGroup) {
      if (content) await phone(digits).learn(content['senderKeyDistributionMessage']);
      content = await phone(digits).readInGroup(to, bytesOf(childOf(message, 'enc')));
    }
    return { id, to, ...(await bubbleOf(content ?? {})) };
  }

  async function bubbleOf(message: WireMessage): Promise<Omit<Bubble, 'id' | 'to'>> {
    const { imageMessage, documentMessage, documentWithCaptionMessage, extendedTextMessage, conversation } =
      message as {
        readonly [kind: string]: Record<string, never> | undefined;
      };
    const document =
      documentMessage ??
      (documentWithCaptionMessage?.['message'] as Record<string, never> | undefined)?.['documentMessage'];
    const file = (imageMessage ?? document) as
      | { directPath: string; caption?: string; fileName?: string; mediaKey: Uint8Array }
      | undefined;
    if (file === undefined) return { kind: 'text', text: String(extendedTextMessage?.['text'] ?? conversation ?? '') };
    const sealed = media.read(file.directPath);
    return {
      kind: imageMessage ? 'picture' : 'document',
      text: file.caption ?? '',
      ...(file.fileName ? { fileName: file.fileName } : {}),
      ...(sealed ? { sha256: openedSha256(tools, sealed, file.mediaKey, imageMessage ? 'Image' : 'Document') } : {}),
    };
  }

  return read;
}

/** Opens what lies on the media host as a recipient's phone does, and says what it is. */
function openedSha256(tools: Tools, sealed: Buffer, mediaKey: Uint8Array, kind: string): string {
  const keys = Buffer.from(tools.hkdf(Buffer.from(mediaKey), 112, { info: `WhatsApp ${kind} Keys` }));
  const decipher = createDecipheriv('aes-256-cbc', keys.subarray(16, 48), keys.subarray(0, 16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -10)), decipher.final()]);
  return createHash('sha256').update(plain).digest('hex');
}
