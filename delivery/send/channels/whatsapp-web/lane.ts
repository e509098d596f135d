import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright';
import type { LaneBrowser, OpenedBrowser } from './browser.ts';

/** A lane's one page, lent to one at a time. */
export interface LanePage extends AsyncDisposable {
  /** Opens the browser where it is not open. What it was doing for somebody who failed is thrown away with its page. */
  lend<T>(
    signal: AbortSignal,
    work: (page: Page) => Promise<T>,
  ): Promise<{ readonly kind: 'done'; readonly value: T } | Exclude<OpenedBrowser, { kind: 'open' }>>;
  /** The page, where the browser is open and nobody uses it. */
  idle(): Page | undefined;
}

export function openLanePage(home: string, model: boolean, env: NodeJS.ProcessEnv): LanePage {
  let browser: LaneBrowser | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let users = 0;

  const use = async <T>(signal: AbortSignal, work: (page: Page) => Promise<T>) => {
    signal.throwIfAborted();
    if (browser && !(await browser.alive())) {
      await browser[Symbol.asyncDispose]();
      browser = undefined;
    }
    if (browser === undefined) {
      await mkdir(home, { recursive: true, mode: 0o700 });
      // Loaded only here: it brings half a second of library.
      const { openLaneBrowser } = await import('./browser.ts');
      const opened = await openLaneBrowser(home, model, env);
      if (opened.kind !== 'open') return opened;
      browser = opened.browser;
    }
    return { kind: 'done' as const, value: await work(browser.page) };
  };
  return {
    lend(signal, work) {
      users += 1;
      const mine = turn
        .then(() => use(signal, work))
        .finally(() => {
          users -= 1;
        });
      turn = mine.catch(() => {});
      return mine;
    },
    idle: () => (users === 0 ? browser?.page : undefined),
    async [Symbol.asyncDispose]() {
      await turn;
      await browser?.[Symbol.asyncDispose]();
      browser = undefined;
    },
  };
}
