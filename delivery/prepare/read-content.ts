import { Fault } from '#engine';
import { filesOf } from '../edition/plan-messages.ts';
import type { FileStore } from '../files/file-store.ts';
import type { EditionChunk, MessageChunk, SlotContent } from './content.ts';
import type { ContentHead, EditionsText, MessagesText, WholeText } from './content-file.ts';

/** Messages of the form before chunks that are handed out together. */
const some = 500;

/**
 * Opens what a slot was frozen to, in whichever form. Throws `Fault` failed, which names the slot (`what`), when the file
 * is gone or was changed, and invalid when a later version of this program wrote it.
 */
export async function openContent(files: Pick<FileStore, 'read'>, sha256: string, what: string): Promise<SlotContent> {
  const head = await readText<ContentHead | WholeText>(files, sha256, what);
  switch (head.version) {
    case 1:
      return wholeContent(sha256, head);
    case 2:
      return chunkedContent(files, sha256, head, what);
    default:
      throw new Fault('invalid', `${what} was frozen by a later version of this program`);
  }
}

function chunkedContent(files: Pick<FileStore, 'read'>, sha256: string, head: ContentHead, what: string): SlotContent {
  const { version: _, making: __, datasets, editions, messages, ...facts } = head;
  return {
    sha256,
    facts,
    keys: editions.flatMap(({ keys }) => keys),
    files: [sha256, ...editions.map((one) => one.sha256), ...messages.map((one) => one.sha256)],
    async *editions(): AsyncGenerator<EditionChunk> {
      for (const { sha256: name, keys } of editions) {
        const chunk = await readText<EditionsText>(files, name, `${what}, ${span(keys[0], keys.at(-1))}`);
        const whole = datasets.map((dataset) => ({ ...dataset, rows: chunk.rows[dataset.name] ?? dataset.rows }));
        yield { editions: chunk.editions, datasets: whole };
      }
    },
    async *messages(): AsyncGenerator<MessageChunk> {
      for (const { sha256: name, first, last } of messages) {
        yield await readText<MessagesText>(files, name, `${what}, messages of ${span(first, last)}`);
      }
    },
  };
}

/** Everything in one file, and in memory. */
function wholeContent(sha256: string, whole: WholeText): SlotContent {
  const { version: _, datasets, editions, messages, leftOut, ...facts } = whole;
  return {
    sha256,
    facts,
    keys: editions.map(({ key }) => key),
    files: [sha256],
    async *editions(): AsyncGenerator<EditionChunk> {
      const byEdition = Map.groupBy(messages, ({ edition }) => edition);
      const frozen = editions.map((edition) => {
        return { edition, ...filesOf(byEdition.get(edition.key) ?? [], edition.key) };
      });
      yield { editions: frozen, datasets };
    },
    async *messages(): AsyncGenerator<MessageChunk> {
      yield { messages: [], leftOut };
      for (let from = 0; from < messages.length; from += some) {
        yield { messages: messages.slice(from, from + some), leftOut: [] };
      }
    },
  };
}

async function readText<T>(files: Pick<FileStore, 'read'>, sha256: string, what: string): Promise<T> {
  try {
    return JSON.parse(new TextDecoder().decode(await files.read(sha256)));
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    const hint = 'Bring it back from a backup of the file store.';
    throw new Fault(cause.code, `what ${what} was frozen to cannot be read: ${cause.message}`, { cause, hint });
  }
}

const span = (first = '', last = '') => (first === last ? `edition ${first}` : `editions ${first} to ${last}`);
