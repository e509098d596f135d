import type { AddressKind } from '../people/recipient.ts';

/** What planning must know of a lane, one configured channel, without knowing the channel. */
export interface Lane {
  /** What `deliver` entries call it: `email`, `whatsapp`. */
  readonly name: string;
  readonly address: AddressKind;
  /** `whole`: one call carries body and files together. `by-file`: each file is a part of its own. */
  readonly split: 'whole' | 'by-file';
  /** Bytes that a file may have on it; undefined where nothing here comes near its limit. */
  readonly fileLimit?: number;
  /** A file that is too large can be linked. */
  readonly links?: boolean;
}

export type Lanes = ReadonlyMap<string, Lane>;
