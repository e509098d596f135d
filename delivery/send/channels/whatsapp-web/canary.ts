import type { Locator, Page } from 'playwright';
import type { PageContract } from './page-contract.ts';

/** Milliseconds in which the page shows what is there, or what a click opens. */
const shows = 5_000;

/**
 * Proves on an open chat, before anything is sent, that all is where the contract says: opens the menu and closes it,
 * writes one sign and takes it away. Returns the name of what is missing.
 */
export async function tryContract(page: Page, contract: PageContract): Promise<string | undefined> {
  const first = (selector: string) => page.locator(selector).first();
  for (const name of ['search', 'header', 'panel', 'composer', 'attach'] as const) {
    if (!(await shown(first(contract[name])))) return name;
  }
  const attach = first(contract.attach);
  await attach.click();
  for (const name of ['menuDocument', 'menuPicture'] as const) {
    if (!(await shown(first(contract[name])))) return name;
  }
  await attach.click();
  if (!(await gone(first(contract.menuDocument)))) return 'the menu closing';
  const composer = first(contract.composer);
  await composer.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText('.');
  const missing = (await shown(first(contract.send))) ? undefined : 'send';
  await page.keyboard.press('Backspace');
  return missing;
}

function shown(locator: Locator): Promise<boolean> {
  return locator.waitFor({ state: 'visible', timeout: shows }).then(
    () => true,
    () => false,
  );
}

function gone(locator: Locator): Promise<boolean> {
  return locator.waitFor({ state: 'hidden', timeout: shows }).then(
    () => true,
    () => false,
  );
}
