import { createHash, randomUUID } from 'node:crypto';
import type { Edition } from '../edition/edition.ts';
import type { LeftOut, WantedFiles } from '../edition/plan-messages.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Slots } from '../ledger/slots.ts';
import type { Cell, Datasets } from '../query/dataset.ts';
import type { ContentFacts, WrittenMessage } from './content.ts';
import type { ContentHead, EditionsFile, EditionsText, MessagesFile, MessagesText } from './content-file.ts';
import { openPile } from './pile.ts';

export interface WriteTools {
  readonly slots: Pick<Slots, 'noteFile'>;
  readonly files: Pick<FileStore, 'put' | 'remove'>;
}

/** An edition on its way into the file store; its messages are written when they are asked for. */
export interface MadeEdition {
  readonly edition: Edition;
  readonly own: Datasets;
  readonly files: WantedFiles;
  readonly messages: Iterable<WrittenMessage>;
  readonly leftOut: readonly LeftOut[];
}

/**
 * A chunk ends with whichever it has first: so many, or so many rows or characters; an edition or a message is never divided.
 * So small that what was read of a chunk is let go of while it is young: of larger ones hundreds of megabytes pile up.
 */
const editionsMost = { items: 50, weight: 1_000 };
const messagesMost = { items: 100, weight: 250_000 };

interface Line {
  readonly edition: string;
  readonly message?: WrittenMessage;
  readonly leftOut?: LeftOut;
}

/**
 * Writes a slot's content into the file store as its editions come, and returns its name. The ledger knows each file's name
 * before the file is there: what a crash leaves behind is found by retention. After a failure nothing is left behind.
 */
export async function writeContent(
  { slots, files }: WriteTools,
  slotId: string,
  facts: ContentFacts,
  datasets: Datasets,
  made: Iterable<MadeEdition>,
  signal: AbortSignal,
): Promise<string> {
  const making = randomUUID();
  const noted: string[] = [];
  const put = async (text: EditionsText | MessagesText | ContentHead) => {
    signal.throwIfAborted();
    const bytes = new TextEncoder().encode(JSON.stringify(text));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await slots.noteFile(slotId, sha256);
    noted.push(sha256);
    await files.put(bytes);
    return sha256;
  };
  const editionsFiles: EditionsFile[] = [];
  const messagesFiles: MessagesFile[] = [];
  const cut = new Set<string>();
  const editions = openPile<MadeEdition>(editionsMost, async (some) => {
    const rows: Record<string, (readonly Cell[])[]> = {};
    for (const { own } of some) {
      for (const [name, dataset] of ownRows(own, datasets)) {
        cut.add(name);
        rows[name] = [...(rows[name] ?? []), ...dataset.rows];
      }
    }
    const frozen = some.map(({ edition, files: wanted }) => ({ edition, ...wanted }));
    const sha256 = await put({ making, editions: frozen, rows });
    editionsFiles.push({ sha256, keys: some.map(({ edition }) => edition.key) });
  });
  const messages = openPile<Line>(messagesMost, async (some) => {
    const sha256 = await put({
      making,
      messages: some.flatMap(({ message }) => message ?? []),
      leftOut: some.flatMap(({ leftOut }) => leftOut ?? []),
    });
    messagesFiles.push({ sha256, first: some[0]?.edition ?? '', last: some.at(-1)?.edition ?? '' });
  });
  try {
    for (const one of made) {
      const edition = one.edition.key;
      for (const message of one.messages) await messages.add({ edition, message }, lengthOf(message));
      for (const leftOut of one.leftOut) await messages.add({ edition, leftOut }, leftOut.reason.length);
      await editions.add(one, 1 + ownRows(one.own, datasets).reduce((sum, [, { rows }]) => sum + rows.length, 0));
    }
    await editions.flush();
    await messages.flush();
    const kept = [...datasets.values()].map((dataset) => (cut.has(dataset.name) ? { ...dataset, rows: [] } : dataset));
    return await put({
      version: 2,
      making,
      ...facts,
      datasets: kept,
      editions: editionsFiles,
      messages: messagesFiles,
    });
  } catch (error) {
    for (const sha256 of noted) await files.remove(sha256);
    throw error;
  }
}

/** Of an edition's datasets those that were cut to it. */
function ownRows(own: Datasets, datasets: Datasets) {
  return [...own].filter(([name, dataset]) => dataset !== datasets.get(name));
}

const lengthOf = ({ subject, text, html, caption }: WrittenMessage) =>
  subject.length + text.length + html.length + caption.length;
