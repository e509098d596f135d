import type { z } from 'zod';
import type { Rung } from '../edition/plan-messages.ts';
import type { MessageContent, MessageFile } from '../enqueue/message.ts';
import type { FileStore } from '../files/file-store.ts';
import type { AddressKind } from '../people/recipient.ts';
import type { SessionStore } from './sessions.ts';

/** What one call to a provider carries, as a channel sees it. */
export interface Part {
  readonly id: string;
  /** 64 hexadecimal digits; the same at every attempt, so that a provider or a mailbox can be searched for it. */
  readonly key: string;
  /** The key's short form, for file names and captions. */
  readonly reference: string;
  readonly report: string;
  readonly slot: string;
  readonly address: string;
  readonly recipientName?: string;
  readonly content: MessageContent;
  /** An attempt before this one may have gone, and is repeated: a refusal now does not say that nothing went then. */
  readonly mayHaveGone?: true;
}

/** One try to send a part. */
export interface Attempt {
  readonly id: string;
  /** From 1. */
  readonly number: number;
  readonly startedAt: Date;
}

/** What a provider told us. `unclear` means the message may have gone: it is never sent again unasked. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  | { readonly kind: 'later'; readonly reason: string; readonly at?: Date; readonly scope: LaterScope }
  | { readonly kind: 'refused'; readonly reason: string; readonly suppress?: true }
  | { readonly kind: 'unclear'; readonly reason: string };

/**
 * Whom a refusal for now is about. Trouble of the whole lane spends none of the part's attempts; nor does our own pace
 * (quiet hours, a day's budget), which is no trouble either.
 */
export type LaterScope = 'part' | 'recipient' | 'template' | 'lane' | 'pace';

/** What looking for an unclear part found. */
export type Found =
  | { readonly kind: 'sent'; readonly providerId: string }
  | { readonly kind: 'not-sent' }
  /** It may be there; sending it again does no harm, because the provider knows a part by our own name for it. */
  | { readonly kind: 'repeat' }
  /** `until`: looking again may tell more before then, so that nobody need be asked yet. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly until?: Date };

/**
 * What a provider told us of a part after it took it, by its own name for it or by our reference. Where it gives both, the
 * reference finds a part whose answer was lost, and the name keeps it from what another attempt left behind.
 */
export interface Receipt {
  readonly of:
    | { readonly providerId: string; readonly reference?: string }
    | { readonly reference: string; readonly providerId?: string };
  /** `sent`: the provider has it. News only of what is unclear. */
  readonly kind: 'sent' | 'delivered' | 'read' | 'undelivered';
  /** When it happened, by the provider's clock. */
  readonly at: Date;
  /** Without addresses. */
  readonly reason?: string;
  /** Nothing will ever arrive at this address. */
  readonly suppress?: true;
  /** The address it is about, where the provider names one: another than the part's, as of a mail that was forwarded, is not suppressed. */
  readonly address?: string;
}

/** What was read of a provider's receipts, and where reading goes on. */
export interface Collected {
  readonly receipts: readonly Receipt[];
  /** For the next `collect`, kept once the receipts are. */
  readonly cursor: string;
  /** There is more to be read at once. */
  readonly more: boolean;
}

/** A request that a provider made to our public listener. Its body is as it came: signatures are over it. */
export interface WebhookRequest {
  readonly method: string;
  /** From the question mark on; empty where there is none. */
  readonly search: string;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** That somebody wants no more of what a lane sends to their address, or wants it again, by their own word. */
export interface OptOut {
  readonly address: string;
  readonly wish: 'stop' | 'start';
}

/** What a webhook's request said. */
export type Heard =
  | { readonly kind: 'news'; readonly receipts: readonly Receipt[]; readonly optOuts: readonly OptOut[] }
  /** The provider makes sure that the URL is ours: this is to be answered. */
  | { readonly kind: 'challenge'; readonly text: string }
  /** It is not from the provider, or nobody can read it. Nothing is done. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 405; readonly reason: string };

/** A way to carry a message. An adapter is one file that returns one of these. */
export interface Channel extends AsyncDisposable {
  /**
   * Sends a part. `stillMine` is asked right before the irrevocable act. What is thrown counts as unclear, so an adapter
   * throws only where it cannot know better.
   */
  send(part: Part, stillMine: () => Promise<boolean>, signal: AbortSignal): Promise<SendOutcome>;
  /** Asks whether the provider has the part. Channels whose answer cannot be trusted leave it out. */
  find?(part: Part, attempt: Attempt, signal: AbortSignal): Promise<Found>;
  /**
   * Reads the receipts that wait for us where the provider keeps them, such as bounces in a mailbox, after a cursor of its
   * own. Reading twice does no harm: the ledger knows what it has.
   */
  collect?(cursor: string | undefined, signal: AbortSignal): Promise<Collected>;
  /** Checks and reads what the provider sends to the lane's webhook. Changes nothing. */
  hear?(request: WebhookRequest, now: Date): Heard;
  /** What will be trouble unless somebody does something, by what was seen last; owners are told, and sending goes on. */
  warning?(): string | undefined;
  /**
   * Why nothing can go until a person does something, as far as it is known without sending, and since when. Opens
   * nothing; owners are told, once.
   */
  stopped?(): Promise<Stopped | undefined>;
  /**
   * Links a phone, where the channel needs one, and returns when it is linked: by a picture that the phone reads, or with
   * its number (`+919812345678`) by signs that are typed there. Throws `Fault` failed.
   */
  pair?(phone: string | undefined, show: (step: PairingStep) => Promise<void>, signal: AbortSignal): Promise<void>;
}

export interface Stopped {
  readonly reason: string;
  readonly since: Date;
}

/** What a person needs for linking a phone; shown anew whenever it changes. */
export type PairingStep =
  /** Rows of dots, true where dark; the same as a picture in a file, which goes when linking ends. */
  | { readonly kind: 'picture'; readonly dots: readonly (readonly boolean[])[]; readonly file: string }
  | { readonly kind: 'code'; readonly code: string };

/** URLs behind `public_url` that go with a part; undefined where the project has none. */
export interface PublicLinks {
  unsubscribe(part: Pick<Part, 'reference' | 'report'>): Promise<string | undefined>;
  file(file: MessageFile): Promise<string | undefined>;
}

/** What a channel is opened with. */
export interface ChannelTools {
  readonly files: Pick<FileStore, 'read'>;
  readonly links: PublicLinks;
  /** Where the world reaches this lane's webhook; undefined where the project has no public URL. */
  readonly webhook?: string;
  /** What the lane's linked device keeps, where there is a state database. */
  readonly session?: () => Promise<SessionStore>;
  /** The project's root: paths in settings start there. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** An adapter before it is opened: what project.yml must say for it, and what planning must know of it. */
export interface ChannelKind<Settings = unknown> {
  readonly settings: z.ZodType<Settings>;
  readonly address: AddressKind;
  readonly split: Rung['split'] | ((settings: Settings) => Rung['split']);
  /** Whether it cannot do without `public_url`: it is told there what became of its messages, or has its files fetched. */
  readonly needsPublicUrl?: (settings: Settings) => boolean;
  /** Bytes that a file may have on it, less what travelling adds. Without it no report comes near what the channel takes. */
  readonly fileLimit?: (settings: Settings) => number | undefined;
  /** It links what is too large for it, behind `public_url`. */
  readonly linksOversize?: true;
  /** How many parts one lane of this kind sends side by side. */
  readonly parallel: number;
  open(name: string, settings: Settings, tools: ChannelTools): Channel;
}

/** Every way to carry a message. A word added here does not compile until the table of channels has it. */
export type ChannelKindName = 'email' | 'file-drop' | 'whatsapp-cloud' | 'whatsapp-web' | 'baileys' | 'twilio' | 'rcs';
