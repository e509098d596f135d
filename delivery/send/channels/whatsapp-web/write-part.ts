import type { ElementHandle, Locator, Page } from 'playwright';
import { sameWords } from './caption.ts';
import type { PageContract } from './page-contract.ts';

/** A file as it is given to the page. */
export interface PageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A part that is written and waits for the click that sends it, or why it could not be written; then nothing was sent. */
export type Written =
  | { readonly kind: 'written'; readonly send: Locator }
  | { readonly kind: 'drift'; readonly missing: string };

/** Milliseconds in which the page shows what a click opens. */
const opens = 15_000;

/** Writes a text into the open chat. */
export async function writeText(page: Page, contract: PageContract, text: string): Promise<Written> {
  const wrong = await typeInto(page, page.locator(contract.composer).first(), text, 'composer');
  return wrong ?? ready(page.locator(contract.send).first(), 'send');
}

/** Puts a file with its caption into the preview. Pictures go as pictures, everything else as a document. */
export async function writeFile(page: Page, contract: PageContract, file: PageFile, caption: string): Promise<Written> {
  const picture = /^image\/(png|jpeg)$/.test(file.mimeType);
  const item = picture ? contract.menuPicture : contract.menuDocument;
  const attach = page.locator(contract.attach).first();
  if (!(await appears(attach))) return { kind: 'drift', missing: 'attach' };
  await attach.click();
  const entry = page.locator(item).first();
  if (!(await appears(entry))) return { kind: 'drift', missing: picture ? 'menuPicture' : 'menuDocument' };
  const [chooser] = await Promise.all([page.waitForEvent('filechooser', { timeout: opens }), entry.click()]);
  if (!takes(await acceptOf(chooser.element()), picture))
    return { kind: 'drift', missing: 'an input for this kind of file' };
  await chooser.setFiles(file);
  if (!(await appears(page.locator(contract.preview).first()))) return { kind: 'drift', missing: 'preview' };
  const box = page.locator(contract.caption).first();
  if (!(await appears(box))) return { kind: 'drift', missing: 'caption' };
  return (
    (await typeInto(page, box, caption, 'caption')) ?? ready(page.locator(contract.previewSend).first(), 'previewSend')
  );
}

/**
 * Whether an input is the one that was meant: that of documents takes anything, that of pictures films as well. The one
 * that takes images alone makes a sticker of what it is given.
 */
export function takes(accept: string, picture: boolean): boolean {
  if (!picture) return accept === '*' || accept === '' || accept === '*/*';
  return accept.includes('image') && accept.includes('video');
}

async function acceptOf(input: ElementHandle): Promise<string> {
  const accept = await input.getAttribute('accept');
  return accept ?? '';
}

/** Types in place of whatever a box holds, and reads it again: what is sent is what was meant, or nothing. */
async function typeInto(page: Page, box: Locator, text: string, name: string): Promise<Written | undefined> {
  if (!(await appears(box))) return { kind: 'drift', missing: name };
  await box.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  for (const [place, line] of text.split('\n').entries()) {
    // Enter alone would send.
    if (place > 0) await page.keyboard.press('Shift+Enter');
    if (line !== '') await page.keyboard.insertText(line);
  }
  return sameWords((await box.textContent()) ?? '', text)
    ? undefined
    : { kind: 'drift', missing: `${name}: what was typed` };
}

async function ready(send: Locator, name: string): Promise<Written> {
  return (await appears(send)) ? { kind: 'written', send } : { kind: 'drift', missing: name };
}

async function appears(locator: Locator): Promise<boolean> {
  return locator.waitFor({ state: 'visible', timeout: opens }).then(
    () => true,
    () => false,
  );
}
