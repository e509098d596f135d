import { expect, test } from 'vitest';
import { madeUpDatasets, madeUpDocument } from '../compose/made-up.ts';
import { openHtml, renderHtml } from './html.ts';
import { verifyHtml } from './html-verify.ts';
import { rendererContract } from './renderer-contract.ts';

rendererContract('html', openHtml(), 'rows and figures');

test('the golden page', async () => {
  const document = await madeUpDocument({
    stores: 4,
    categories: 3,
    brands: 22,
    products: 3,
    names: ["O'BRIEN & SONS #3 <Ames>"],
  });
  await expect(await renderHtml(document)).toMatchFileSnapshot('./golden/daily-sales.html');
});

test('the page needs nothing but itself', async () => {
  const page = await renderHtml(await madeUpDocument({ names: ['<script>alert(1)</script>', '" onclick="x'] }));
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|javascript:/i);
  expect(page).not.toMatch(/<[^>]*\sonclick=/);
});

test('its figures are those of the dataset', async () => {
  const stores = madeUpDatasets().get('stores');
  const page = await renderHtml(await madeUpDocument());
  const body = page.slice(page.indexOf('data-table="stores"'), page.indexOf('data-table="categories"'));
  const rows = [...body.matchAll(/<tr><th scope="row"[^>]*>([^<]*)<\/th>(.*?)<\/tr>/g)].map(([, name, cells = '']) => [
    name,
    ...[...cells.matchAll(/([^<>]*)<\/td>/g)].map(([, text = '']) => text.trim()),
  ]);
  // Two totals stand below: of what is shown, and of all.
  expect(rows.slice(0, -2).map(([name, quantity, amount]) => [name, quantity, amount])).toEqual(
    stores?.rows
      .slice(0, 30)
      .map((row) => [
        String(row[1]).replaceAll('&', '&amp;').replaceAll("'", '&#39;'),
        Number(row[2]).toLocaleString('en-US'),
        Math.round(Number(row[3])).toLocaleString('en-US'),
      ]),
  );
});

test("a colour that is not the rule's is noticed", async () => {
  const document = await madeUpDocument();
  const page = (await renderHtml(document)).replace('style="color:#78340A"', 'style="color:#143E6D"');
  expect(verifyHtml(page, document)).toMatchObject({ kind: 'wrong', problems: [{ code: 'wrong-colour' }] });
});

test('a trial is marked', async () => {
  expect(await renderHtml(await madeUpDocument({}, { test: true }))).toContain('<p class="test">TEST</p>');
});
