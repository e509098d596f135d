import type { Page } from 'playwright';
import { readBubbles, type SeenBubble, scrollToTop } from './in-page.mjs';
import type { PageContract } from './page-contract.ts';
import { until } from './until.ts';

/** The open chat's messages, as far as the page has them; `atTop`: no older ones are above. */
export function bubblesIn(page: Page, { panel, bubble, own }: PageContract) {
  return page.evaluate(readBubbles, { panel, bubble, own });
}

/** Our own message that carries a reference, the latest of them. */
export function withReference(bubbles: readonly SeenBubble[], reference: string): SeenBubble | undefined {
  return bubbles.findLast(({ own, text }) => own && text.includes(reference));
}

/** Most bubbles that are read back through: a chat that goes on beyond them is not read to its end. */
const most = 400;
/** Milliseconds in which a page that has older messages shows some. */
const loads = 2_500;

/**
 * Reads a chat back to before an instant. `found` is the own message with the reference; without it, `whole` says whether
 * all that could be it was read.
 */
export async function searchBack(
  page: Page,
  contract: PageContract,
  reference: string,
  since: Date,
  signal: AbortSignal,
): Promise<{ readonly found: SeenBubble | undefined; readonly whole: boolean }> {
  const { panel } = contract;
  for (let before = -1; ; ) {
    const { bubbles, atTop } = await bubblesIn(page, contract);
    const found = withReference(bubbles, reference);
    if (found) return { found, whole: true };
    if (atTop === undefined || bubbles.length > most) return { found: undefined, whole: false };
    const [oldest] = bubbles;
    if (oldest && isBefore(oldest.stamp, since)) return { found: undefined, whole: true };
    // Nothing came above what was there: this is the chat's beginning.
    if (bubbles.length === before) return { found: undefined, whole: true };
    before = bubbles.length;
    await page.evaluate(scrollToTop, { panel });
    await until(
      async () => ((await bubblesIn(page, contract)).bubbles.length > before ? true : undefined),
      loads,
      signal,
    );
  }
}

const day = 24 * 3_600_000;

/**
 * Whether a message is surely older than an instant, by the stamp the page gives it (`[10:21, 3/12/2021] Name: `). Its day
 * and month stand in the order of a language, so that it is older only when it is so either way, by two days.
 */
export function isBefore(stamp: string, instant: Date): boolean {
  const [, a = '', b = '', year = ''] = /(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/.exec(stamp) ?? [];
  if (year === '') return false;
  const readings = [
    [Number(a), Number(b)],
    [Number(b), Number(a)],
  ].flatMap(([date = 0, month = 0]) =>
    month >= 1 && month <= 12 && date <= 31 ? [Date.UTC(Number(year), month - 1, date)] : [],
  );
  return readings.length > 0 && Math.max(...readings) < instant.getTime() - 2 * day;
}
