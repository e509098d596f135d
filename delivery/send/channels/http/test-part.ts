import { createHash } from 'node:crypto';
import { partKey, partReference } from '../../../enqueue/key.ts';
import type { MessageFile } from '../../../enqueue/message.ts';
import type { ChannelTools, Part } from '../../channel.ts';

export const png: MessageFile = { format: 'png', name: 'Sales.png', mediaType: 'image/png', sha256: 'aa', bytes: 3 };
export const pdf: MessageFile = {
  format: 'pdf',
  name: 'विक्री.pdf',
  mediaType: 'application/pdf',
  sha256: 'bb',
  bytes: 3,
};

/** A part to a phone, unlike any other made of another name. */
export function phonePart(name: string, files: readonly MessageFile[], more: Partial<Part> = {}): Part {
  const key = partKey(createHash('sha256').update(name).digest('hex'), 0, 0);
  return {
    id: '1',
    key,
    reference: partReference(key),
    report: 'daily_sales',
    slot: '2021-12-21',
    address: '+919812345678',
    recipientName: 'Asha',
    content: { subject: 'Sales', text: 'Sales', html: '', caption: 'Up 4 %,\nas hoped', attachments: files },
    ...more,
  };
}

export const mine = async () => true;
export const soon = () => AbortSignal.timeout(10_000);

/** What a channel is opened with: files of three bytes, links that name them, a webhook of its lane. */
export function phoneTools(env: Readonly<Record<string, string>>, webhook: string): ChannelTools {
  return {
    files: { read: async () => new Uint8Array([1, 2, 3]) },
    links: {
      unsubscribe: async () => undefined,
      file: async ({ sha256 }) => `https://reports.example.com/f/${sha256}`,
    },
    webhook,
    root: '/',
    env: { ...env },
  };
}
