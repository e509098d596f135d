import { access, constants } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { openDisplay } from './display.ts';
import { type HeldProfile, holdProfile } from './profile.ts';
import { hasXvfb } from './x-server.ts';

/** A browser with a lane's profile and its one page. */
export interface LaneBrowser extends AsyncDisposable {
  readonly page: Page;
  /** Whether its page still answers: what a closed browser says may come later than the next question. */
  alive(): Promise<boolean>;
}

export type OpenedBrowser =
  | { readonly kind: 'open'; readonly browser: LaneBrowser }
  /** Another process has the profile. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'unavailable'; readonly reason: string };

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Opens the lane's browser. `model`: the page is the stand-in on this machine, which alone may be shown without a screen and to root. */
export async function openLaneBrowser(home: string, model: boolean, env: NodeJS.ProcessEnv): Promise<OpenedBrowser> {
  const root = process.getuid?.() === 0;
  if (root && !model) {
    return {
      kind: 'unavailable',
      reason: 'root may not: Chromium would run without its own walls. Use a user of its own',
    };
  }
  const path = await executableOf(env);
  if (path === undefined)
    return { kind: 'unavailable', reason: 'there is no Chromium: install it, or set CHROMIUM_PATH' };
  const screen = env['DISPLAY'] !== undefined || (await hasXvfb());
  if (!screen && !model) return { kind: 'unavailable', reason: 'there is no screen: install the package xvfb' };
  const profile = await holdProfile(home);
  if (profile === undefined) return { kind: 'taken' };
  await using stack = new AsyncDisposableStack();
  stack.defer(() => profile.leave());
  const display = screen && env['DISPLAY'] === undefined ? stack.use(await openDisplay(home)) : undefined;
  const context = await chromium.launchPersistentContext(profile.folder, {
    executablePath: path,
    headless: !screen,
    viewport: screen ? null : { width: 1280, height: 860 },
    env: textsOf({ ...env, ...display?.env }),
    // The stand-in is ours; what comes from elsewhere stays within Chromium's walls.
    chromiumSandbox: !model,
    acceptDownloads: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-first-run',
      '--disable-gpu',
      '--password-store=basic',
      '--window-size=1280,860',
      '--disable-features=Translate',
    ],
  });
  return { kind: 'open', browser: laneBrowser(context, profile, stack.move()) };
}

function laneBrowser(context: BrowserContext, profile: HeldProfile, stack: AsyncDisposableStack): LaneBrowser {
  const page = context.pages()[0];
  if (page === undefined) throw new Error('the browser has opened no page');
  const alive = async () => {
    const silent = pause(10_000, false, { ref: false });
    return Promise.race([page.evaluate('true').then(Boolean, () => false), silent]);
  };
  return {
    page,
    alive,
    async [Symbol.asyncDispose]() {
      // A browser that is killed while it writes its keys may find its device logged out: it is asked, and waited for.
      const well = await alive();
      await context.close();
      if (well) await profile.snapshot();
      await stack.disposeAsync();
    },
  };
}

async function executableOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = env['CHROMIUM_PATH'];
  for (const path of named ? [named] : usualPaths) {
    const can = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (can) return path;
  }
  return undefined;
}

function textsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
