import type { Collected, Receipt } from '../channel.ts';
import { longestBounce, receiptsIn } from './bounce.ts';
import type { Folder, Mailbox } from './mailbox.ts';

/** How far a folder was read: its numbering, and the last mail's number. */
interface Cursor {
  readonly uidValidity: string;
  readonly uid: number;
}

/** Mails read at once. */
const batch = 100;
/** Milliseconds: how old a mail may be where nothing was read before. */
const firstLook = 14 * 24 * 3_600_000;

/** Reads the bounces that came into a mailbox after a cursor. The mailbox stays as it is: what was read is remembered by us. */
export function readBounces(
  mailbox: Mailbox,
  copy: string | undefined,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Collected> {
  return mailbox.read(signal, async (folder) => {
    const cursor = cursorOf(after, folder.uidValidity);
    const uids = await newMails(folder, cursor);
    const some = uids.slice(0, batch);
    const receipts: Receipt[] = [];
    for (const uid of some) {
      const query = { source: { maxLength: longestBounce }, internalDate: true };
      const mail = await folder.fetchOne(String(uid), query, { uid: true });
      if (!mail || mail.source === undefined) continue;
      receipts.push(...(await receiptsIn(mail.source, new Date(mail.internalDate ?? Date.now()), copy)));
    }
    // Of an empty folder: whatever comes has a number from this one on.
    const uid = some.at(-1) ?? Math.max(cursor?.uid ?? 0, (folder.uidNext || 1) - 1);
    return {
      receipts,
      cursor: JSON.stringify({ uidValidity: folder.uidValidity, uid } satisfies Cursor),
      more: uids.length > some.length,
    };
  });
}

async function newMails(folder: Folder, cursor: Cursor | undefined): Promise<number[]> {
  const which = cursor ? { uid: `${cursor.uid + 1}:*` } : { since: new Date(Date.now() - firstLook) };
  const found = await folder.search(which, { uid: true });
  // "n:*" always has the last mail, even when its number is below n.
  return (found || []).filter((uid) => uid > (cursor?.uid ?? 0)).sort((a, b) => a - b);
}

/** A cursor of a numbering that is no more is none: then the latest mails are read once more, which does no harm. */
function cursorOf(text: string | undefined, uidValidity: string): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor: Cursor = JSON.parse(text);
  return cursor.uidValidity === uidValidity ? cursor : undefined;
}
