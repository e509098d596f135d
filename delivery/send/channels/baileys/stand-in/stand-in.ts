import type { World } from './answers.ts';
import type { Tools } from './tools.ts';

/**
 * What the server does with a message:
 *   accept      takes it, says so, and soon its receipt
 *   silent      takes it and says nothing; its receipt comes at the next connection
 *   mute        takes it, and nothing is ever heard of it: the phone is off
 *   cut-after   takes it and cuts the line; its receipt comes at the next connection
 *   cut-before  cuts the line without taking it
 *   slower      refuses it: 429
 *   restart     asks for a new connection (515) without taking it
 */
export type Manner = 'accept' | 'silent' | 'mute' | 'cut-after' | 'cut-before' | 'slower' | 'restart';

/** What arrived on somebody's phone. */
export interface Bubble {
  readonly id: string;
  readonly to: string;
  readonly kind: 'text' | 'picture' | 'document';
  readonly text: string;
  readonly fileName?: string;
  /** Of the file, decrypted. */
  readonly sha256?: string;
}

export interface StandInOptions {
  readonly tools: Tools;
  readonly manner?: (id: string, to: string) => Manner;
  /** Why a device that logs in is not let in: 401, 403, 429. */
  readonly refuse?: () => number | undefined;
  readonly exists?: (digits: string) => boolean;
  readonly groups?: World['groups'];
  /** Told of each message before the server does anything with it. */
  readonly at?: (id: string) => void;
}

/** A server that speaks WhatsApp's protocol as far as our adapter and Baileys need it. A model, made from what Baileys sends. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  /** The key that clients must hold to be the issuer of the server's certificate. */
  readonly issuer: string;
  /** A file with the certificate of the media host. */
  readonly certificate: string;
  /** Messages taken, in their order, each time that one was. */
  readonly taken: readonly Bubble[];
  readonly account: string;
  logins(): number;
  /** Receipts that the device has not said to have heard. */
  waiting(): number;
  /** How often a device had to go because it came a second time. */
  replaced(): number;
  /** The account's phone scans a code, or has one typed into it. */
  scan(qr: string): void;
  type(code: string): Promise<void>;
  /** The phone unlinks every device. */
  unlink(): void;
  /** Ends every connection with an error of the stream (515, 503), or as if another program had come (440). */
  streamError(code: number): void;
  /** Somebody reads a message. */
  readBy(id: string): void;
}
