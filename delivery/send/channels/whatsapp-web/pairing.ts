import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { Fault } from '#engine';
import type { PairingStep } from '../../channel.ts';
import { readCode } from './in-page.mjs';
import type { PageContract } from './page-contract.ts';
import { isGoingElsewhere, lookAtScreen, putAway } from './screen.ts';
import { until } from './until.ts';

/** Milliseconds in which a phone has to be linked. */
const patience = 10 * 60_000;

/**
 * Links a phone: shows the code to be read, anew each time it changes, or with `phone` the signs to be typed there, until
 * the chats are there. Throws `Fault` failed when the time is over or the account is restricted.
 */
export async function pairPhone(
  page: Page,
  url: string,
  home: string,
  phone: string | undefined,
  show: (step: PairingStep) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const picture = join(home, 'pairing.png');
  let shown = '';
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 60_000 });
  const once = async (what: string, step: () => Promise<PairingStep>) => {
    if (what === shown) return;
    shown = what;
    await show(await step());
  };
  try {
    const linked = await until(
      async () => {
        const screen = await lookAtScreen(page);
        if (screen.kind === 'ready') return true;
        if (screen.kind === 'dialog') await putAway(page, screen.contract);
        if (screen.kind === 'restricted') throw new Fault('failed', 'WhatsApp has restricted the account');
        if (screen.kind !== 'unlinked') return undefined;
        const { contract } = screen;
        if (phone !== undefined) {
          const code = await codeFor(page, contract, phone);
          await once(code, async () => ({ kind: 'code', code }));
          return undefined;
        }
        const dots = await page.evaluate(readCode, { qr: contract.qr }).catch((error: unknown) => {
          if (isGoingElsewhere(error)) return undefined;
          throw error;
        });
        if (dots === undefined) return undefined;
        await once(JSON.stringify(dots), async () => {
          const png = await page.locator(contract.qr).first().screenshot();
          await writeFile(picture, png, { mode: 0o600 });
          return { kind: 'picture', dots, file: picture };
        });
        return undefined;
      },
      patience,
      signal,
    );
    if (!linked)
      throw new Fault('failed', 'no phone was linked', { hint: 'Call the command again when the phone is at hand.' });
  } finally {
    await rm(picture, { force: true });
  }
}

/** The signs that are to be typed into the phone; asked for once, and then read as they are shown. */
async function codeFor(page: Page, contract: PageContract, phone: string): Promise<string> {
  const shown = page.locator(contract.linkCode).first();
  if ((await shown.count()) === 0) {
    const input = page.locator(contract.phoneInput).first();
    if ((await input.count()) === 0) await page.locator(contract.byPhone).first().click();
    await input.fill('');
    await input.pressSequentially(phone);
    await page.locator(contract.next).first().click();
  }
  const code = (await shown.getAttribute('data-link-code', { timeout: 30_000 })) ?? '';
  const signs = code.replaceAll(',', '');
  return `${signs.slice(0, 4)}-${signs.slice(4)}`;
}
