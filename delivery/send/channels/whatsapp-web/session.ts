import type { Page } from 'playwright';
import type { PageContract } from './page-contract.ts';
import { lookAtScreen, putAway, type Screen } from './screen.ts';
import { until } from './until.ts';

/** What waiting for the chats came to. */
export type Readiness =
  | { readonly kind: 'ready'; readonly contract: PageContract; readonly phoneAway: boolean }
  | { readonly kind: 'unlinked' | 'logged-out' | 'restricted' | 'loading' | 'strange' };

/** Milliseconds. */
export interface Patience {
  /** A big account takes minutes to load its chats. */
  readonly load: number;
  /** A page that shows nothing known for so long has changed. */
  readonly strange: number;
}

/**
 * Waits until the chats are there and nothing lies over them; dialogs are put away on the way. `mayCover` leaves alone
 * what is no greeting, such as the word that a number is not on WhatsApp.
 */
export async function waitUntilReady(
  page: Page,
  patience: Patience,
  signal: AbortSignal,
  mayCover: (text: string, contract: PageContract) => boolean = () => false,
): Promise<Readiness> {
  let strangeSince: number | undefined;
  let last: Screen['kind'] = 'loading';
  const found = await until<Readiness>(
    async () => {
      const screen = await lookAtScreen(page);
      last = screen.kind;
      if (screen.kind === 'ready') return screen;
      if (screen.kind === 'unlinked' || screen.kind === 'logged-out' || screen.kind === 'restricted')
        return { kind: screen.kind };
      if (screen.kind === 'dialog') {
        if (mayCover(screen.text, screen.contract))
          return { kind: 'ready', contract: screen.contract, phoneAway: false };
        if (await putAway(page, screen.contract)) return undefined;
      }
      if (screen.kind === 'loading') strangeSince = undefined;
      else strangeSince ??= Date.now();
      const long = strangeSince !== undefined && Date.now() - strangeSince >= patience.strange;
      return long ? { kind: 'strange' } : undefined;
    },
    patience.load,
    signal,
  );
  return found ?? { kind: last === 'loading' ? 'loading' : 'strange' };
}
