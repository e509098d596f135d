import type { TickSigns } from './tick.ts';

export interface SeenDialog {
  /** In small letters. */
  readonly text: string;
  readonly buttons: readonly string[];
}

export interface SeenScreen {
  readonly url: string;
  /** What the page says of itself: `en`, `pt-BR`. */
  readonly language: string;
  /** For each contract that was asked for, in its order. */
  readonly seen: readonly {
    readonly ready: boolean;
    readonly chats: boolean;
    readonly qr: boolean;
    readonly loading: boolean;
  }[];
  readonly dialogs: readonly SeenDialog[];
  /** What the chats' side says, in small letters. */
  readonly side: string;
  /** What a page without chats says, in small letters. */
  readonly text: string;
}

export interface SeenBubble {
  readonly id: string;
  readonly own: boolean;
  readonly text: string;
  /** `[10:21, 21/12/2021] Name: `, in the page's own order of day and month. */
  readonly stamp: string;
  readonly signs: TickSigns;
}

interface DialogArgs {
  readonly dialog: string;
  readonly button: string;
  readonly blob: string;
}

export function readScreen(
  of: DialogArgs & {
    readonly contracts: readonly {
      readonly ready: string;
      readonly search: string;
      readonly qr: string;
      readonly loading: string;
    }[];
  },
): SeenScreen;
export function pressInDialog(of: DialogArgs & { readonly words: readonly string[] }): boolean;
export function readBubbles(of: { readonly panel: string; readonly bubble: string; readonly own: string }): {
  readonly atTop: boolean | undefined;
  readonly bubbles: readonly SeenBubble[];
};
export function scrollToTop(of: { readonly panel: string }): void;
export function readRows(of: { readonly row: string; readonly rowName: string }): readonly string[];
export function readCode(of: { readonly qr: string }): readonly (readonly boolean[])[] | undefined;
export function readBones(of: { readonly known: readonly string[] }): string;
