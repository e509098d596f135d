import type { Page } from 'playwright';
import { messageOf } from '#engine';
import { pressInDialog, readScreen, type SeenScreen } from './in-page.mjs';
import { allContracts, contractsFor, type PageContract } from './page-contract.ts';

/** What the page shows as a whole. */
export type Screen =
  | { readonly kind: 'ready'; readonly contract: PageContract; readonly phoneAway: boolean }
  | { readonly kind: 'loading' }
  /** A code waits for a phone. */
  | { readonly kind: 'unlinked'; readonly contract: PageContract }
  | { readonly kind: 'logged-out' }
  | { readonly kind: 'restricted' }
  /** Something lies over the page that can be put away. */
  | { readonly kind: 'dialog'; readonly contract: PageContract; readonly text: string }
  /** Nothing of what is known. */
  | { readonly kind: 'strange' };

const blob = 'img[src^="blob:"]';
const [anyContract] = allContracts;

/** Decides what a page shows; `contracts` are those that it was asked about, the newest first. */
export function screenOf(seen: SeenScreen, contracts: readonly PageContract[]): Screen {
  const at = (what: 'ready' | 'qr' | 'loading') => contracts[seen.seen.findIndex((one) => one[what])];
  const said = [...seen.dialogs.map(({ text }) => text), seen.text].join('\n');
  const says = (phrases: (contract: PageContract) => readonly string[], text: string) =>
    contracts.some((contract) => phrases(contract).some((phrase) => text.includes(phrase)));
  // An address that says so is surer than whatever is drawn.
  if (/[?&]post_logout=1(&|$)/.test(seen.url)) return { kind: 'logged-out' };
  if (says(({ words }) => words.restricted, said)) return { kind: 'restricted' };
  const qr = at('qr');
  if (qr) return { kind: 'unlinked', contract: qr };
  const ready = at('ready');
  const [dialog] = seen.dialogs;
  if (ready && dialog) return { kind: 'dialog', contract: ready, text: dialog.text };
  if (ready) return { kind: 'ready', contract: ready, phoneAway: says(({ words }) => words.phoneAway, seen.side) };
  if (at('loading') || says(({ words }) => words.loading, seen.text)) return { kind: 'loading' };
  return { kind: 'strange' };
}

/** Looks at the page; one that is just going elsewhere is loading. */
export async function lookAtScreen(page: Page): Promise<Screen> {
  try {
    return await look(page);
  } catch (error) {
    if (isGoingElsewhere(error)) return { kind: 'loading' };
    throw error;
  }
}

/** Whether a look failed because the page went to another address meanwhile. */
export function isGoingElsewhere(error: unknown): boolean {
  return /context was destroyed|cannot find context/i.test(messageOf(error));
}

async function look(page: Page): Promise<Screen> {
  const ask = (contracts: readonly PageContract[]) =>
    page.evaluate(readScreen, {
      contracts: contracts.map(({ ready, search, qr, loading }) => ({ ready, search, qr, loading })),
      ...dialogArgs(contracts[0] ?? anyContract),
    });
  const language = await page.evaluate('document.documentElement.lang');
  const contracts = contractsFor(String(language)) ?? allContracts;
  return screenOf(await ask(contracts), contracts);
}

/** Puts a dialog away by a button that agrees to nothing; false when it has none that is known. */
export function putAway(page: Page, contract: PageContract): Promise<boolean> {
  return page.evaluate(pressInDialog, { ...dialogArgs(contract), words: contract.words.close });
}

function dialogArgs(contract: PageContract | undefined) {
  return { dialog: contract?.dialog ?? '', button: contract?.dialogButton ?? '', blob };
}
