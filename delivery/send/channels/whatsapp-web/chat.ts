import type { Page } from 'playwright';
import { readRows } from './in-page.mjs';
import type { PageContract } from './page-contract.ts';
import type { ChatAddress } from './recipient.ts';
import { lookAtScreen, putAway } from './screen.ts';
import { type Patience, type Readiness, waitUntilReady } from './session.ts';
import { until } from './until.ts';

/** What opening a chat came to. */
export type OpenedChat =
  | { readonly kind: 'open'; readonly contract: PageContract; readonly phoneAway: boolean }
  /** It can never be opened by this address. */
  | { readonly kind: 'refused'; readonly reason: string; readonly nobody: boolean }
  /** It is not there, and why is not known. */
  | { readonly kind: 'missing'; readonly contract: PageContract }
  | { readonly kind: 'not-ready'; readonly why: Exclude<Readiness['kind'], 'ready'> };

/** Milliseconds for a chat to be drawn once the chats are there. */
const drawn = 20_000;

/** Opens a chat on a page that is loaded anew, so that nothing of the chat before can be mistaken for it. */
export async function openChat(
  page: Page,
  url: string,
  address: ChatAddress,
  patience: Patience,
  signal: AbortSignal,
): Promise<OpenedChat> {
  const target = address.kind === 'phone' ? new URL(`send?phone=${address.digits}`, url) : new URL(url);
  await page.goto(target.href, { waitUntil: 'domcontentloaded', timeout: patience.load });
  const ready = await waitUntilReady(page, patience, signal, isBadNumber);
  if (ready.kind !== 'ready') return { kind: 'not-ready', why: ready.kind };
  const { contract } = ready;
  return address.kind === 'phone'
    ? openByPhone(page, contract, ready.phoneAway, signal)
    : openByName(page, contract, ready.phoneAway, address.name, signal);
}

async function openByPhone(
  page: Page,
  contract: PageContract,
  phoneAway: boolean,
  signal: AbortSignal,
): Promise<OpenedChat> {
  const found = await until<OpenedChat>(
    async () => {
      const screen = await lookAtScreen(page);
      if (screen.kind === 'dialog') {
        const bad = isBadNumber(screen.text, contract);
        await putAway(page, contract);
        return bad ? { kind: 'refused', reason: 'the number is not on WhatsApp', nobody: true } : undefined;
      }
      if (screen.kind !== 'ready' && screen.kind !== 'loading') return { kind: 'not-ready', why: screen.kind };
      const open =
        (await page.locator(contract.header).count()) > 0 && (await page.locator(contract.composer).count()) > 0;
      return open ? { kind: 'open', contract, phoneAway } : undefined;
    },
    drawn,
    signal,
  );
  return found ?? { kind: 'missing', contract };
}

async function openByName(
  page: Page,
  contract: PageContract,
  phoneAway: boolean,
  name: string,
  signal: AbortSignal,
): Promise<OpenedChat> {
  const search = page.locator(contract.search).first();
  await search.click();
  // Real typing: the search does not notice anything else.
  await search.pressSequentially(name, { delay: 15 });
  const { row, rowName } = contract;
  const same = (one: string) => one.trim() === name;
  const rows = await until(
    async () => {
      const names = await page.evaluate(readRows, { row, rowName });
      return names.some(same) ? names : undefined;
    },
    5_000,
    signal,
  );
  const places = (rows ?? []).flatMap((one, place) => (same(one) ? [place] : []));
  const [place] = places;
  if (place === undefined) return { kind: 'refused', reason: 'no chat has exactly this name', nobody: false };
  if (places.length > 1) return { kind: 'refused', reason: `${places.length} chats have this name`, nobody: false };
  await page.locator(row).nth(place).click();
  const title = page.locator(`${contract.header} ${contract.headerName}`).first();
  const open = await until(
    async () => {
      if ((await page.locator(contract.composer).count()) === 0) return undefined;
      const shown = await title.getAttribute('title', { timeout: 2_000 }).catch(() => null);
      return shown?.trim() === name ? true : undefined;
    },
    drawn,
    signal,
  );
  return open ? { kind: 'open', contract, phoneAway } : { kind: 'missing', contract };
}

function isBadNumber(text: string, { words }: PageContract): boolean {
  return words.badNumber.some((phrase) => text.includes(phrase));
}
