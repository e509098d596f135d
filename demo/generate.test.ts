import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { csvColumns, csvRecords } from './csv.ts';
import { generateSales, type SalesOptions } from './generate.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const small = { seed: 5, stores: 13, from: '2021-09-20', until: '2021-10-11' };

async function generated(options: SalesOptions = small) {
  const folder = await mkdtemp(join(tmpdir(), 'sales-'));
  folders.push(folder);
  const { files, lines } = await generateSales(folder, options);
  const bytes = new Map<string, Buffer>();
  for (const file of await readdir(folder)) bytes.set(file, await readFile(join(folder, file)));
  const text = (file: string) => {
    const content = bytes.get(file) ?? Buffer.of();
    return (file.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
  };
  return { files, lines, bytes, text };
}

test('the files are those of the real set, to the letter of their headers', async () => {
  const { files, bytes, text } = await generated();
  expect([...files].sort()).toEqual(['products.csv', 'sales-2021-09.csv.gz', 'sales-2021-10.csv.gz', 'stores.csv']);
  expect([...bytes.keys()].sort()).toEqual([...files].sort());
  const header = (file: string) => text(file).split('\n', 1)[0];
  expect(header('sales-2021-10.csv.gz')).toBe(
    'Date,Invoice/Item Number,Store Number,Item Number,Bottles Sold,Sale (Dollars)',
  );
  expect(header('stores.csv')).toBe(
    'Store,Name,Store Status,Address,City,State,Zip Code,latitude,longitude,Report Date',
  );
  expect(header('products.csv')).toBe(
    'Item Number,Category Name,Item Description,Vendor,Vendor Name,Bottle Volume (ml),Pack,Inner Pack,Age,Proof,List Date,UPC,SCC,State Bottle Cost,State Case Cost,State Bottle Retail,Report Date',
  );
});

test('every record has all its fields, and the lines are as many as said', async () => {
  const { files, lines, text } = await generated();
  let counted = 0;
  for (const file of files) {
    const [header, ...records] = [...csvRecords(text(file))];
    expect(records.every((record) => record.length === header?.length)).toBe(true);
    if (file.startsWith('sales-')) counted += records.length;
  }
  expect(counted).toBe(lines);
});

test('a month file holds the days of its month, amounts as short as the source writes them', async () => {
  const { text } = await generated();
  for (const [date, amount] of csvColumns(text('sales-2021-10.csv.gz'), ['Date', 'Sale (Dollars)'])) {
    expect(date).toMatch(/^2021-10-(0\d|10)$/);
    expect(amount).toMatch(/^-?\d+(\.\d?[1-9])?$/);
  }
});

test('the same options give the same bytes, another seed gives others', async () => {
  const [one, two] = [await generated(), await generated()];
  for (const [file, content] of one.bytes) expect(two.bytes.get(file)?.equals(content), file).toBe(true);
  const other = await generated({ ...small, seed: 6 });
  for (const [file, content] of one.bytes) expect(other.bytes.get(file)?.equals(content), file).toBe(false);
});

test('the lists are as dirty as real ones', async () => {
  const { text } = await generated({ ...small, stores: 60 });
  const products = [...csvColumns(text('products.csv'), ['Item Number', 'Category Name', 'Vendor Name', 'UPC'])];
  const stores = [...csvColumns(text('stores.csv'), ['Store', 'Name', 'Store Status', 'latitude'])];
  const listed = new Set(products.map(([item]) => item));
  const sold = [...csvColumns(text('sales-2021-09.csv.gz'), ['Item Number', 'Store Number'])];
  const oddities = {
    'no category': products.some(([, category]) => category === ''),
    'no vendor': products.some(([, , vendor]) => vendor === ''),
    'no bar code': products.some(([, , , upc]) => upc === ''),
    'doubled spaces': products.some(([, , vendor]) => vendor.includes('  ')),
    'sold but not listed': sold.some(([item]) => !listed.has(item)),
    'listed but idle': stores.some(([store]) => !sold.some(([, seller]) => seller === store)),
    'an apostrophe': stores.some(([, name]) => name.includes("'")),
    'an ampersand': stores.some(([, name]) => name.includes('&')),
    'a number sign': stores.some(([, name]) => name.includes('#')),
    'a comma': stores.some(([, name]) => name.includes(',')),
    'a name twice': new Set(stores.map(([, name]) => name)).size < stores.length,
    'a leading zero': stores.some(([store]) => store.startsWith('0')),
    inactive: stores.some(([, , status]) => status === 'I'),
    'no place': stores.some(([, , , latitude]) => latitude === ''),
  };
  expect(Object.entries(oddities).filter(([, found]) => !found)).toEqual([]);
  expect(listed.size).toBe(products.length);
  expect(new Set(stores.map(([store]) => store)).size).toBe(stores.length);
});
