import type { Edition } from '../edition/edition.ts';
import type { LeftOut } from '../edition/plan-messages.ts';
import type { Cell, Dataset } from '../query/dataset.ts';
import type { ContentFacts, FrozenEdition, MessageChunk, WrittenMessage } from './content.ts';

/*
  A slot's content in the file store, each file JSON under the hash of its text:

  head ---- the facts; the datasets, those that are everybody's with their rows
    +-- chunks of editions: each edition, its formats, and of the other datasets the rows of these editions
    +-- chunks of messages: their words, and who was left out

  The head names its chunks by their hashes, and the slot's row in the ledger the head by its own: so nothing of it can be
  exchanged unseen.
*/
export interface ContentHead extends ContentFacts, OfMaking {
  readonly version: 2;
  readonly datasets: readonly Dataset[];
  readonly editions: readonly EditionsFile[];
  readonly messages: readonly MessagesFile[];
}

/** Unlike that of any other making: no file belongs to two, so that whoever lets go of one content takes nothing of another. */
export interface OfMaking {
  readonly making: string;
}

export interface EditionsFile {
  readonly sha256: string;
  readonly keys: readonly string[];
}

/** With the first and the last edition that its messages are of. */
export interface MessagesFile {
  readonly sha256: string;
  readonly first: string;
  readonly last: string;
}

export interface EditionsText extends OfMaking {
  readonly editions: readonly FrozenEdition[];
  /** By dataset. */
  readonly rows: Readonly<Record<string, readonly (readonly Cell[])[]>>;
}

export interface MessagesText extends OfMaking, MessageChunk {}

/** The form before chunks: one file with everything. Slots that were frozen to it are made and answered from it still. */
export interface WholeText extends ContentFacts {
  readonly version: 1;
  readonly datasets: readonly Dataset[];
  readonly editions: readonly Edition[];
  readonly messages: readonly WrittenMessage[];
  readonly leftOut: readonly LeftOut[];
}
