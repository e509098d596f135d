import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { madeUpDocument } from '../compose/made-up.ts';
import { openBrowser, type SharedBrowser } from './browser.ts';
import { openPng } from './png.ts';
import { openRenderers } from './renderers.ts';

const signal = new AbortController().signal;

test('without a browser the outcome says so, and the other formats do not mind', async () => {
  await using room = openRenderers({ executablePath: '/nowhere/chromium' });
  const document = await madeUpDocument({ stores: 2 });
  expect(await room.make('png', document, signal)).toEqual({
    kind: 'unavailable',
    reason: 'there is no Chromium on this machine',
    hint: 'Install Chromium, or set CHROMIUM_PATH to one.',
  });
  expect((await room.make('html', document, signal)).kind).toBe('made');
});

test('a sign that no font has stops the picture before a browser is opened', async () => {
  await using room = openRenderers({ executablePath: '/nowhere/chromium' });
  const document = await madeUpDocument({ stores: 1, names: ['漢'] });
  await expect(room.make('png', document, signal)).rejects.toMatchObject({ code: 'failed' });
});

const browser = openBrowser();
afterAll(() => browser[Symbol.asyncDispose]());
const chromium = existsSync(process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium');

/** A picture of the sample's page after something went wrong with the page. */
async function drawn(change: (markup: string) => string) {
  const names = ['Asha & Sons', 'BRIGHT BASKET #24 / MONSOON POINT'];
  const spoilt: SharedBrowser = {
    ...browser,
    withPage: (markup, ...rest) => browser.withPage(change(markup), ...rest),
  };
  return openPng(spoilt).render(await madeUpDocument({ stores: 6, categories: 1, brands: 1, products: 1, names }), {
    signal,
  });
}

test.skipIf(!chromium)('a page that says what its document says is taken', async () => {
  expect((await drawn((markup) => markup)).kind).toBe('rendered');
});

test.skipIf(!chromium).each<[string, string, (markup: string) => string]>([
  ['a dropped row', 'row-count', (markup) => markup.replace(/<tr>(?:(?!<tr).)*<\/tr><\/table>/, '</table>')],
  ['a shifted column', 'wrong-cell', (markup) => markup.replace(/(<td align="right".*?<\/td>)(<td.*?<\/td>)/, '$2$1')],
  ['a figure of another', 'wrong-cell', (markup) => markup.replace(/(class="large">\D*)\d/, '$10')],
  ['a fall in blue', 'wrong-colour', (markup) => markup.replace(/(<td [^>]*style="color:)#\w+/, '$1#1F5FA8')],
  [
    'a figure that nobody sees',
    'outside',
    (markup) => markup.replace('class="large"', 'class="large" style="opacity:0"'),
  ],
  ['a chart without its figures', 'wrong-chart', (markup) => markup.replace(/<text.*?<\/text>/g, '')],
])('%s is caught', async (_, code, change) => {
  await expect(drawn(change)).rejects.toMatchObject({
    code: 'failed',
    problems: expect.arrayContaining([expect.objectContaining({ file: 'daily_sales.png', code })]),
  });
});
