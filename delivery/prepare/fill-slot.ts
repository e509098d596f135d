import { Fault } from '#engine';
import { dedupKey } from '../enqueue/key.ts';
import type { MessageFile, NewMessage } from '../enqueue/message.ts';
import type { Messages } from '../ledger/messages.ts';
import { type HeldSlot, keySlotOf, slotShown } from '../ledger/slot.ts';
import type { Slots } from '../ledger/slots.ts';
import type { Format, Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';
import type { SlotContent, WrittenMessage } from './content.ts';
import { type FileTools, makeFiles } from './make-files.ts';
import { orThaw, type ThawTools } from './thaw.ts';

export interface FillTools extends FileTools, ThawTools {
  readonly slots: Pick<Slots, 'seal' | 'thaw'>;
  readonly messages: Pick<Messages, 'add'>;
  /** The secret of the messages' keys. */
  readonly secret: string;
  readonly files: FileTools['files'] & ThawTools['files'];
}

/**
 * Makes a frozen slot's files and messages and seals it. Files that are recorded are not drawn again and messages that
 * are held are not entered again, so that whoever comes after a crash goes on where it happened. No message is entered
 * before all files are there: until then the slot's content can still be let go of. Returns how many messages are new.
 */
export async function fillSlot(
  tools: FillTools,
  edited: Report,
  about: Slot,
  held: HeldSlot,
  content: SlotContent,
  signal: AbortSignal,
): Promise<number> {
  if (held.state === 'sealed') return 0;
  const report = content.facts.report ?? edited;
  const added = await orThaw(tools, held.id, content, async () => {
    await makeFiles(tools, report, slotShown(about, held.limits), held.id, content, signal);
    return enterMessages(tools, held, content, signal);
  });
  await tools.slots.seal(held.id, content.sha256);
  return added;
}

/** Enters a slot's messages, a chunk in a transaction. Returns how many are new. */
async function enterMessages(
  tools: FillTools,
  held: HeldSlot,
  content: SlotContent,
  signal: AbortSignal,
): Promise<number> {
  let added = 0;
  for await (const { messages } of content.messages()) {
    signal.throwIfAborted();
    const files = await tools.editions.files(held.id, [...new Set(messages.map(({ edition }) => edition))]);
    const fresh = messages.map((message) => newMessage(tools.secret, held, message, files.get(message.edition) ?? []));
    added += await tools.messages.add(held.id, fresh, content.sha256);
  }
  return added;
}

function newMessage(
  secret: string,
  held: HeldSlot,
  message: WrittenMessage,
  files: readonly MessageFile[],
): NewMessage {
  const { report, resend } = held;
  const slot = keySlotOf(held);
  const { edition, entry, recipient, locale, rungs, attach, inline, subject, text, html, caption } = message;
  const fileOf = (format: Format) => {
    const file = files.find((one) => one.format === format && one.locale === locale);
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
