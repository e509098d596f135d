/** A message as the page sent it and the server keeps it. */
export interface StandInMessage {
  readonly chat: string;
  readonly id: string;
  readonly own: boolean;
  readonly text: string;
  readonly file?: {
    readonly kind: 'document' | 'picture' | 'sticker';
    readonly name: string;
    readonly bytes: number;
    readonly sha256?: string;
  };
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly status: 'pending' | 'sent' | 'delivered' | 'read' | 'failed';
}

/**
 * What becomes of a message: `tick` at once, `slow` after `slowMs`, `never` a tick though it is taken, `late` taken only
 * after `slowMs`, `lost` on its way until the page comes again, `failed`, or `hushed`: never taken.
 */
export type Manner = 'tick' | 'delivered' | 'read' | 'slow' | 'never' | 'late' | 'lost' | 'failed' | 'hushed';

export interface StandInChat {
  readonly id: string;
  readonly name: string;
  readonly phone?: string;
  readonly messages: StandInMessage[];
}

export interface StandInOptions {
  readonly era?: 1 | 2 | 3;
  readonly language?: 'en' | 'hi' | 'es' | 'pt';
  /** Already linked: every device is. */
  readonly linked?: boolean;
  /** Milliseconds that chats load. */
  readonly loading?: number;
  /** Dialogs at the start, 0 to 2. */
  readonly dialogs?: number;
  /** Whether ticks have their words. */
  readonly labels?: boolean;
  readonly menu?: readonly ('document' | 'pictures' | 'sticker' | 'contact')[];
  readonly chats?: readonly { readonly name: string; readonly phone?: string }[];
  /** Digits of phones that are not on WhatsApp. */
  readonly unknown?: readonly string[];
  readonly slowMs?: number;
  readonly manner?: (message: StandInMessage) => Manner;
  /** Told of every step, before it is answered. */
  readonly at?: (step: 'opened' | 'clicked' | 'taken' | 'ticked') => void;
  readonly port?: number;
}

/** WhatsApp's server and page as a model on the loopback; what it took stays when browsers are killed. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  readonly chats: readonly StandInChat[];
  /** What was taken of ours, in the order it was. */
  taken(): readonly StandInMessage[];
  /** The phone reads the code that is shown; false when none is. */
  scan(): boolean;
  /** The code that was asked for by phone number. */
  code(): string | undefined;
  /** Becomes the page of another era or language when it is loaded next. */
  dress(era: 1 | 2 | 3, language: 'en' | 'hi' | 'es' | 'pt'): void;
  logOut(): void;
  restrict(on: boolean): void;
  /** The phone has been away for long. */
  phoneAway(on: boolean): void;
  drift(on: boolean): void;
  /** Gives every message that waits for it its tick. */
  tickAll(): void;
  say(chat: string, text: string, at?: number): void;
}
