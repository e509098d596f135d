import { Fault } from '#engine';
import type { FileStore } from '../files/file-store.ts';
import type { Slots } from '../ledger/slots.ts';
import type { SlotContent } from './content.ts';

export interface ThawTools {
  readonly slots: Pick<Slots, 'thaw'>;
  readonly files: Pick<FileStore, 'remove'>;
}

/**
 * Does what needs a right report and right data. Where that fails and no message is held, the slot's content is let go of:
 * a mended query or report would otherwise never be read, nor a damaged content ever be written again.
 */
export async function orThaw<T>(
  { slots, files }: ThawTools,
  slotId: string,
  content: Pick<SlotContent, 'sha256' | 'files'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const ours = error instanceof Fault && (error.code === 'failed' || error.code === 'invalid');
    if (ours && (await slots.thaw(slotId, content.sha256, error.message))) {
      for (const sha256 of content.files) await files.remove(sha256);
    }
    throw error;
  }
}
