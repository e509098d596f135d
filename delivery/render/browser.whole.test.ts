import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';

const signal = new AbortController().signal;
const size = { width: 400, scale: 1 };
const browser = openBrowser();
afterAll(() => browser[Symbol.asyncDispose]());

// A machine without a browser makes no pictures; what says so has a test of its own.
const known = ['/usr/bin/chromium', '/usr/bin/google-chrome', process.env['CHROMIUM_PATH'] ?? ''].some(existsSync);

test.skipIf(!known)('a page reaches neither the network nor a file, by whatever way it tries', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'tiffin-browser-'));
  try {
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><rect width="50" height="50"/></svg>';
    writeFileSync(join(folder, 'secret.svg'), svg);
    writeFileSync(join(folder, 'secret.css'), 'p { width: 77px }');
    const file = (name: string) => pathToFileURL(join(folder, name)).href;
    const markup = `<!doctype html><html><head>
<link rel="stylesheet" href="${there}/style.css"><link rel="stylesheet" href="${file('secret.css')}">
<link rel="preload" as="image" href="${there}/preload.png"><link rel="dns-prefetch" href="${there}">
<meta http-equiv="refresh" content="0; url=${there}/refresh">
<style>@import url(${there}/import.css); @font-face { font-family: f; src: url(${there}/font.ttf) } b { font-family: f } body { background: url(${there}/background.png) }</style>
</head><body><p>words</p><b>words</b>
<img id="net" src="${there}/image.png"><img id="file" src="${file('secret.svg')}">
<iframe src="${there}/frame"></iframe><iframe id="inner" src="${file('secret.svg')}"></iframe>
<object data="${there}/object"></object><embed src="${there}/embed"><video src="${there}/video.mp4" autoplay></video>
<script>fetch('${there}/script'); document.body.textContent = 'a script ran'</script>
</body></html>`;
    const seen = await browser.withPage(
      markup,
      size,
      async (page) => ({
        words: await page.locator('p').textContent(),
        width: (await page.locator('p').boundingBox())?.width,
        pictures: await page
          .locator('img')
          .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth)),
        frames: page
          .frames()
          .slice(1)
          .map((frame) => frame.url()),
      }),
      signal,
    );
    if (seen.kind !== 'done') throw new Error(seen.reason);
    expect(seen.value).toMatchObject({ words: 'words', pictures: [0, 0] });
    expect(seen.value.width).not.toBe(77);
    expect(seen.value.frames.filter((url) => url !== '' && url !== 'about:blank')).toEqual([]);
    expect(asked).toEqual([]);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!known)('pages are lent and taken back: many share one browser, few at once', async () => {
  let [now, most] = [0, 0];
  const { promise: full, resolve: isFull } = Promise.withResolvers<void>();
  const lent = Array.from({ length: 12 }, (_, at) =>
    browser.withPage(
      `<p>${at}</p>`,
      size,
      async (page) => {
        most = Math.max(most, ++now);
        if (now === 4) isFull();
        await full;
        const words = await page.locator('p').textContent();
        now--;
        return words;
      },
      signal,
    ),
  );
  expect((await Promise.all(lent)).map((one) => one.kind === 'done' && one.value)).toEqual(
    Array.from({ length: 12 }, (_, at) => String(at)),
  );
  expect(most).toBe(4);
});
