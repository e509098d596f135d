import { z } from 'zod';
import type { Receipt } from '../../channel.ts';
import type { WireNode } from './library.ts';
import { referenceOf } from './message-id.ts';

const newsSchema = z.object({ reference: z.string(), kind: z.enum(['delivered', 'read']), at: z.string() });

/** What a receipt said of one of our parts, as it is kept until it is collected. No addresses. */
export type News = z.infer<typeof newsSchema>;

/** Kinds of receipts by the protocol's words; of the others, such as those of our own devices, nothing follows. */
const kinds: Readonly<Record<string, News['kind']>> = { '': 'delivered', read: 'read', played: 'read' };

/** Reads a receipt: it names one message, and in a list those that it is about besides. */
export function newsOf({ attrs, content }: WireNode): News[] {
  const kind = kinds[attrs['type'] ?? ''];
  if (kind === undefined) return [];
  const at = new Date(Number(attrs['t'] ?? 0) * 1000);
  const lists = typeof content === 'object' && !(content instanceof Uint8Array) ? content : [];
  const others = lists.flatMap((list) =>
    typeof list.content === 'object' && !(list.content instanceof Uint8Array) ? list.content : [],
  );
  return [attrs['id'], ...others.map((item) => item.attrs['id'])].flatMap((id) => {
    const reference = id === undefined ? undefined : referenceOf(id);
    return reference === undefined ? [] : [{ reference, kind, at: at.toISOString() }];
  });
}

/** News as it was kept, as a receipt. */
export function receiptOf(text: string): Receipt {
  const { reference, kind, at } = newsSchema.parse(JSON.parse(text));
  return { of: { reference }, kind, at: new Date(at) };
}
