import { Fault } from '#engine';
import { type Edition, whole } from '../edition/edition.ts';
import { openCut } from '../edition/for-each.ts';
import { formatsOf } from '../edition/plan-messages.ts';
import { dedupKey } from '../enqueue/key.ts';
import type { MessageFile, NewMessage } from '../enqueue/message.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Editions, HeldEdition } from '../ledger/editions.ts';
import type { Messages } from '../ledger/messages.ts';
import { type HeldSlot, keySlotOf, type Slots, slotShown } from '../ledger/slots.ts';
import type { Format, Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';
import { datasetsOf, editionFacts, type SlotContent, type WrittenMessage } from './content.ts';
import type { Composed, Press } from './press.ts';
import type { ProjectFacts } from './queries.ts';
import { rightOrThrow } from './refusal.ts';
import { sideBySide } from './side-by-side.ts';

export interface FillTools {
  readonly slots: Pick<Slots, 'seal' | 'thaw'>;
  readonly editions: Pick<Editions, 'add' | 'files' | 'addFile'>;
  readonly messages: Pick<Messages, 'add'>;
  readonly files: FileStore;
  readonly press: Press;
  readonly project: Pick<ProjectFacts, 'timezone' | 'vars'>;
  /** The secret of the messages' keys. */
  readonly secret: string;
}

/** Messages entered in one transaction. */
const chunk = 500;
/** From so many editions on their files are made side by side. */
const many = 40;

/**
 * Makes a frozen slot's files and messages and seals it. Files that are recorded are not drawn again and messages that
 * are held are not entered again, so that whoever comes after a crash goes on where it happened. Returns how many
 * messages are new.
 */
export async function fillSlot(
  tools: FillTools,
  edited: Report,
  about: Slot,
  held: HeldSlot,
  content: SlotContent,
  signal: AbortSignal,
): Promise<number> {
  const report = content.report ?? edited;
  const slot = slotShown(about, held.limits);
  if (held.state === 'sealed') return 0;
  await tools.editions.add(held.id, await orThaw(tools, held, async () => factsOf(tools, report, slot, content)));
  const files = await makeAllFiles(tools, report, slot, held, content, signal);
  let added = 0;
  for (let from = 0; from < content.messages.length; from += chunk) {
    signal.throwIfAborted();
    const some = content.messages.slice(from, from + chunk);
    added += await tools.messages.add(
      held.id,
      some.map((message) => newMessage(tools.secret, held, message, files.get(message.edition))),
    );
  }
  await tools.slots.seal(held.id);
  return added;
}

/** What is kept of each edition to compare with later. Throws `Fault` invalid where the report names what is not there. */
export function factsOf(
  tools: Pick<FillTools, 'press' | 'project'>,
  report: Report,
  slot: Slot,
  content: SlotContent,
): HeldEdition[] {
  const compose = openComposing(tools, report, slot, content);
  const cut = openCut(report, datasetsOf(content));
  return content.editions.map((edition) => ({
    key: edition.key,
    ...editionFacts(content, edition, cut(edition), compose(edition)),
  }));
}

/**
 * Makes the files of all editions. Where one cannot be made or is wrong, the content is let go of: a mended query or
 * report would otherwise never be read.
 */
async function makeAllFiles(
  tools: FillTools,
  report: Report,
  slot: Slot,
  held: HeldSlot,
  content: SlotContent,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlyMap<Format, MessageFile>>> {
  const files = new Map<string, ReadonlyMap<Format, MessageFile>>();
  return orThaw(tools, held, async () => {
    const compose = openComposing(tools, report, slot, content);
    const messages = Map.groupBy(content.messages, ({ edition }) => edition);
    const most = content.editions.length < many ? 1 : tools.press.sideBySide;
    const make = async (edition: Edition, stop: AbortSignal) => {
      const formats = formatsOf(messages.get(edition.key) ?? [], edition.key);
      files.set(
        edition.key,
        await makeFiles(tools, slot, held, edition, formats, () => compose(edition), stop, most > 1),
      );
    };
    await sideBySide(content.editions, most, make, signal);
    return files;
  });
}

/** Does what needs a right report and right data; where that fails, the slot's content is let go of. */
async function orThaw<T>(tools: Pick<FillTools, 'slots'>, held: HeldSlot, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault && (error.code === 'failed' || error.code === 'invalid')) {
      await tools.slots.thaw(held.id, error.message);
    }
    throw error;
  }
}

/** Composes the editions of a slot, one when it is asked for: ten thousand letters are never held at once. */
export function openComposing(
  { press, project }: Pick<FillTools, 'press' | 'project'>,
  report: Report,
  slot: Slot,
  content: SlotContent,
): (edition: Edition) => Composed {
  const { timezone, vars } = content.project ?? project;
  const { run, dataUntil, test = false } = content;
  const facts = {
    slot,
    timezone,
    vars,
    run,
    madeAt: new Date(content.madeAt),
    test,
    ...(dataUntil === undefined ? {} : { dataUntil }),
  };
  const cut = openCut(report, datasetsOf(content));
  return (edition) => press.compose(report, cut(edition), { ...facts, edition });
}

async function makeFiles(
  tools: FillTools,
  slot: Slot,
  held: HeldSlot,
  edition: Edition,
  formats: readonly Format[],
  compose: () => Composed,
  signal: AbortSignal,
  oneOfMany: boolean,
): Promise<ReadonlyMap<Format, MessageFile>> {
  const files = new Map((await tools.editions.files(held.id, edition.key)).map((file) => [file.format, file]));
  if (formats.every((format) => files.has(format))) return files;
  const composed = compose();
  for (const format of formats) {
    if (files.has(format)) continue;
    signal.throwIfAborted();
    const printed = rightOrThrow(await composed.print(format, signal, oneOfMany), edition, format);
    const stored = await tools.files.put(printed.bytes);
    const name = fileName(composed.title, slot, edition, printed.extension);
    const file = { ...stored, format, name, mediaType: printed.mediaType };
    files.set(format, await tools.editions.addFile(held.id, edition.key, file));
  }
  return files;
}

/** `Daily sales 2021-12-21.pdf`, `Loan letter 2021-12-21 L00042.pdf` */
export function fileName(title: string, slot: Pick<Slot, 'id'>, edition: Edition, extension: string): string {
  return [title, slot.id, ...(edition.key === whole.key ? [] : [edition.key])]
    .join(' ')
    .replaceAll(/[/\\:]/g, '-')
    .concat('.', extension);
}

function newMessage(
  secret: string,
  held: HeldSlot,
  message: WrittenMessage,
  files: ReadonlyMap<Format, MessageFile> | undefined,
): NewMessage {
  const { report, resend } = held;
  const slot = keySlotOf(held);
  const { edition, entry, recipient, rungs, attach, inline, subject, text, html, caption } = message;
  const fileOf = (format: Format) => {
    const file = files?.get(format);
    if (file) return file;
    throw new Fault('bug', `the ${format} of ${report} ${slot} was not made`);
  };
  const { id, name } = recipient;
  return {
    key: dedupKey(secret, { report, slot, edition, recipient: id, entry, resend }),
    edition,
    entry,
    recipient: name === undefined ? { id } : { id, name },
    rungs,
    content: {
      subject,
      text,
      html,
      caption,
      attachments: attach.map(fileOf),
      ...(inline === undefined ? {} : { inline: fileOf(inline) }),
    },
  };
}
