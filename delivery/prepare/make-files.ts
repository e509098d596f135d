import { type Edition, whole } from '../edition/edition.ts';
import { openCut } from '../edition/for-each.ts';
import type { MessageFile } from '../enqueue/message.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Editions } from '../ledger/editions.ts';
import type { Format, Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';
import { type ComposeTools, editionFacts, openComposing } from './compose-edition.ts';
import type { FrozenEdition, SlotContent } from './content.ts';
import { makePieces } from './make-pieces.ts';
import type { Composed, PrintedFile } from './press.ts';
import { rightOrThrow } from './refusal.ts';
import { sideBySide } from './side-by-side.ts';

export interface FileTools extends ComposeTools {
  readonly editions: Pick<Editions, 'add' | 'files' | 'addFile'>;
  readonly files: Pick<FileStore, 'put'>;
}

/** From so many editions on their files are made side by side. */
const many = 40;

/**
 * Records a slot's editions, with what is kept of each to compare with later, and makes the files that are not recorded
 * yet, a chunk of editions after the other. Throws `Fault` where a file cannot be made or does not say what the data says.
 */
export async function makeFiles(
  tools: FileTools,
  report: Report,
  slot: Slot,
  slotId: string,
  content: SlotContent,
  signal: AbortSignal,
): Promise<void> {
  const compose = openComposing(tools, report, slot, content.facts);
  const most = content.keys.length < many ? 1 : tools.press.sideBySide;
  for await (const { editions, datasets } of content.editions()) {
    const cut = openCut(report, new Map(datasets.map((dataset) => [dataset.name, dataset])));
    // A document is let go of at once and composed again for its files: those of a whole chunk would outlive the young
    // generation, and be cleared away late.
    const facts = editions.map(({ edition }) => {
      const own = cut(edition);
      return { key: edition.key, ...editionFacts(content.facts, edition, own, compose(edition, own)) };
    });
    await tools.editions.add(slotId, facts, content.sha256);
    const recorded = await tools.editions.files(
      slotId,
      editions.map(({ edition }) => edition.key),
    );
    const make = async ({ edition, variants = [], ...common }: FrozenEdition, stop: AbortSignal) => {
      const there = recorded.get(edition.key) ?? [];
      for (const { locale, formats, within } of [{ locale: undefined, ...common }, ...variants]) {
        const isThere = (format: Format) => there.some((file) => file.format === format && file.locale === locale);
        const missing = formats.filter((format) => !isThere(format));
        if (missing.length === 0) continue;
        const composed = compose(edition, cut(edition), locale);
        const variant = locale === undefined ? edition : { ...edition, locale };
        for (const format of missing) {
          stop.throwIfAborted();
          const file = await makeFile(tools, { slot, edition: variant, composed, format, within }, stop, most > 1);
          const own = locale === undefined ? file : { ...file, locale };
          await tools.editions.addFile(slotId, edition.key, own, content.sha256);
        }
      }
    };
    await sideBySide(editions, most, make, signal);
  }
}

interface FileToMake {
  readonly slot: Slot;
  readonly edition: Edition;
  readonly composed: Composed;
  readonly format: Format;
  /** Made in pieces besides, where it has more bytes. */
  readonly within: number | undefined;
}

async function makeFile(
  { files }: Pick<FileTools, 'files'>,
  { slot, edition, composed, format, within }: FileToMake,
  signal: AbortSignal,
  oneOfMany: boolean,
): Promise<MessageFile> {
  const print = async (one: Composed) => rightOrThrow(await one.print(format, signal, oneOfMany), edition, format);
  const store = async ({ bytes, extension, mediaType }: PrintedFile, part?: string): Promise<MessageFile> => {
    const stored = await files.put(bytes);
    return { ...stored, format, name: fileName(composed.title, slot, edition, extension, part), mediaType };
  };
  const printed = await print(composed);
  const file = await store(printed);
  if (within === undefined || file.bytes <= within) return file;
  const pieces: MessageFile[] = [];
  for (const piece of await makePieces(composed, format, { bytes: file.bytes, within }, print))
    pieces.push(await store(piece.printed, piece.part));
  return pieces.length === 0 ? file : { ...file, pieces };
}

/** `Daily sales 2021-12-21.pdf`, `Loan letter 2021-12-21 L00042.pdf`, `Daily sales 2021-12-21, part 2 of 3.csv` */
export function fileName(
  title: string,
  slot: Pick<Slot, 'id'>,
  edition: Edition,
  extension: string,
  part?: string,
): string {
  return [title, slot.id, ...(edition.key === whole.key ? [] : [edition.key])]
    .join(' ')
    .concat(part === undefined ? '' : `, ${part}`)
    .replaceAll(/[/\\:]/g, '-')
    .concat('.', extension);
}
