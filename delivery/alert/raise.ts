import { dedupKey } from '../enqueue/key.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ownersReport } from '../ledger/troubles.ts';
import { addDays } from '../slot/calendar-date.ts';
import type { Notice } from './notice.ts';

export type RaiseTools = Pick<Ledger, 'slots' | 'editions' | 'messages' | 'secret'> & {
  readonly files: Pick<FileStore, 'put'>;
};

/**
 * Enters a notice as a slot of its own, once: whoever raises the same trouble again finds it sealed, and a crash
 * half-way is gone on from. True when it is new.
 */
export async function raise(tools: RaiseTools, notice: Notice, now: Date): Promise<boolean> {
  const { slots, editions, messages, files, secret } = tools;
  const date = now.toISOString().slice(0, 10);
  const about = { report: ownersReport, id: notice.id, date, days: { from: date, until: addDays(date, 1) }, tick: now };
  const held = await slots.open(about, { asked: false, resend: 0 });
  if (held.state === 'sealed') return false;
  const { sha256 } = await files.put(new TextEncoder().encode(JSON.stringify(notice)));
  await slots.freeze(held.id, sha256);
  await editions.add(held.id, [{ key: 'whole', rowsSha256: sha256 }]);
  await messages.add(
    held.id,
    notice.to.map(({ id, rung }) => ({
      key: dedupKey(secret, {
        report: ownersReport,
        slot: notice.id,
        edition: 'whole',
        recipient: id,
        entry: 'owners',
        resend: 0,
      }),
      edition: 'whole',
      entry: 'owners',
      recipient: { id },
      rungs: [rung],
      content: { subject: notice.subject, text: notice.text, html: '', caption: notice.subject, attachments: [] },
    })),
  );
  await slots.seal(held.id);
  return true;
}
