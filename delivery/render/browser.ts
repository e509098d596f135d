import { access, constants } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright';
import { messageOf } from '#engine';

/** One Chromium for all pictures, opened at the first (or found at BROWSER_URL) and closed with its owner. */
export interface SharedBrowser extends AsyncDisposable {
  /**
   * Shows markup on a page of its own, `width` CSS pixels wide at `scale`, and lends it to `work`; waits while too many are
   * lent. The page runs no script, goes nowhere and reaches neither network nor files. `unavailable` where no browser can
   * be had.
   */
  withPage<T>(
    markup: string,
    size: { readonly width: number; readonly scale: number },
    work: (page: Page) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'done'; readonly value: T } | Unavailable>;
}

interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly hint: string;
}

const hint = 'Install Chromium, or set CHROMIUM_PATH to one.';
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export interface BrowserOptions {
  /** Used and nothing else when given. Default: `CHROMIUM_PATH`, the system's Chromium or Chrome, Playwright's own. */
  readonly executablePath?: string | undefined;
}

/** Pages lent at once: each is a process that draws. */
const mostPages = 4;

export function openBrowser(options: BrowserOptions = {}): SharedBrowser {
  const executablePath = options.executablePath ?? process.env['CHROMIUM_PATH'];
  let opening: Promise<Browser | Unavailable> | undefined;
  const turns = openTurns(mostPages);

  const launch = async (): Promise<Browser | Unavailable> => {
    const address = options.executablePath ? undefined : process.env['BROWSER_URL'];
    if (address) return connect(address);
    const path = await firstExecutable(executablePath ? [executablePath] : [...usualPaths, chromium.executablePath()]);
    if (path === undefined) return { kind: 'unavailable', reason: 'there is no Chromium on this machine', hint };
    try {
      const args = ['--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none', '--disable-lcd-text'];
      const browser = await chromium.launch({ executablePath: path, args });
      browser.once('disconnected', () => {
        opening = undefined;
      });
      return browser;
    } catch (error) {
      opening = undefined;
      return { kind: 'unavailable', reason: `Chromium does not start: ${messageOf(error).split('\n')[0]}`, hint };
    }
  };

  /** A browser that is a service of its own. */
  const connect = async (address: string): Promise<Browser | Unavailable> => {
    try {
      const browser = await chromium.connect(address, { timeout: 15_000 });
      browser.once('disconnected', () => {
        opening = undefined;
      });
      return browser;
    } catch {
      opening = undefined;
      // What went wrong names the address, and the address is a secret.
      return { kind: 'unavailable', reason: 'the browser at BROWSER_URL does not answer', hint: 'Is it running?' };
    }
  };

  return {
    async withPage(markup, { width, scale }, work, signal) {
      signal.throwIfAborted();
      opening ??= launch();
      const browser = await opening;
      if ('kind' in browser) return browser;
      await using _turn = await turns.take(signal);
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        deviceScaleFactor: scale,
        javaScriptEnabled: false,
        offline: true,
        acceptDownloads: false,
      });
      const stop = () => void context.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        signal.throwIfAborted();
        const page = await context.newPage();
        // To be sent elsewhere is answered with nothing, which leaves the page as it is.
        await page.route('**', (route) =>
          route.request().isNavigationRequest() ? route.fulfill({ status: 204 }) : route.abort(),
        );
        await page.setContent(markup, { waitUntil: 'load' });
        return { kind: 'done', value: await work(page) };
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', stop);
        await context.close();
      }
    },
    async [Symbol.asyncDispose]() {
      const browser = await opening;
      opening = undefined;
      if (browser && !('kind' in browser)) await browser.close();
    },
  };
}

/** So many may be in at once; the others wait in the order they came. */
function openTurns(most: number) {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const next = () => {
    if (taken < most) waiting.shift()?.();
  };
  return {
    async take(signal: AbortSignal): Promise<AsyncDisposable> {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const leave = () => {
        waiting.splice(waiting.indexOf(enter), waiting.includes(enter) ? 1 : 0);
        reject(signal.reason);
      };
      const enter = () => {
        taken++;
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(enter);
      next();
      await promise;
      return {
        async [Symbol.asyncDispose]() {
          taken--;
          next();
        },
      };
    },
  };
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const can = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (can) return path;
  }
  return undefined;
}
