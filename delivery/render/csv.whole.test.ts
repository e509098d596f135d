import { expect, test } from 'vitest';
import type { Document } from '../compose/document.ts';
import { madeUpDatasets, madeUpDocument } from '../compose/made-up.ts';
import { openCsv } from './csv.ts';
import { readCsv } from './csv-read.ts';
import { rendererContract } from './renderer-contract.ts';

rendererContract('csv', openCsv(), 'rows');

async function textOf(document: Document): Promise<string> {
  const rendered = await openCsv().render(document, { signal: new AbortController().signal });
  return rendered.kind === 'rendered' ? Buffer.from(rendered.file.bytes).toString('utf8') : '';
}

test('formulas stay text, quotes are doubled, lines end as RFC 4180 says', async () => {
  const names = ['=1+1', '@cmd', '-2+3', '+4', 'a "b", c', '\u2212minus'];
  const text = await textOf(await madeUpDocument({ stores: 6, categories: 1, brands: 1, products: 1, names }));
  expect(text.startsWith('\ufefftable,store_name,')).toBe(true);
  expect(text.endsWith('\r\n') && !/[^\r]\n/.test(text)).toBe(true);
  for (const safe of ["stores,'=1+1,", "stores,'@cmd,", "stores,'-2+3,", "stores,'+4,", 'stores,"a ""b"", c",'])
    expect(text).toContain(safe);
});

test('numbers are exact and negative numbers are numbers', async () => {
  const document = await madeUpDocument();
  const stores = madeUpDatasets().get('stores');
  const lines = readCsv(await textOf(document));
  const at = (name: string) => lines[0]?.indexOf(name) ?? -1;
  const found = lines
    .filter(([table]) => table === 'stores')
    .map((line) => [line[at('amount')], line[at('growth_7d_pct')]]);
  expect(found).toEqual(stores?.rows.map((row) => [row[3], row[9] ?? '']));
  expect(found.some(([, growth]) => growth?.startsWith('-'))).toBe(true);
});

test('one table stands without a column for its name', async () => {
  const document = await madeUpDocument();
  const one = {
    ...document,
    blocks: document.blocks.filter((block) => block.kind === 'table' && block.table.name === 'brands'),
  };
  expect(await textOf(one)).toMatch(/^\ufeffbrand_name,quantity,/);
});
