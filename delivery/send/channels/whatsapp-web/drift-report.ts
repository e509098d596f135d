import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { readBones } from './in-page.mjs';
import { languages } from './languages.ts';

/** Reports that are kept. */
const most = 5;

/** All words are made invisible and all pictures hidden before a picture of the page is taken. */
const wordless =
  '*, *::before, *::after, ::placeholder { color: transparent !important; -webkit-text-fill-color: transparent !important; text-shadow: none !important; background-image: none !important } img, canvas, video { visibility: hidden !important }';

/**
 * Keeps what a page looks like on which something is missing: a picture without its words, and its elements without texts
 * and names. Returns the report's folder.
 */
export async function writeDriftReport(page: Page, home: string, missing: string, now: Date): Promise<string> {
  const reports = join(home, 'drift');
  const folder = join(reports, now.toISOString().replaceAll(':', '-'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keep = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content, { mode: 0o600 });
  const known = languages.flatMap((words) => [
    ...Object.values(words).filter((word) => typeof word === 'string'),
    ...words.close,
    ...Object.keys(words.ticks),
  ]);
  await keep(
    'missing.json',
    `${JSON.stringify({ at: now.toISOString(), missing, path: new URL(page.url()).pathname })}\n`,
  );
  await keep('page.html', await page.evaluate(readBones, { known }));
  await keep('page.png', await page.screenshot({ style: wordless, timeout: 10_000 }));
  const old = (await readdir(reports)).sort().slice(0, -most);
  await Promise.all(old.map((name) => rm(join(reports, name), { recursive: true, force: true })));
  return folder;
}
