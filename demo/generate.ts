import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { makeProducts, makeStores, type Product, type Store } from './catalogue.ts';
import { csvRecord } from './csv.ts';
import { dayOf } from './days.ts';
import { type SalesLine, tradeDays } from './trade.ts';

export interface SalesOptions {
  readonly seed?: number;
  /** Stores that order. A twelfth more are listed and idle. */
  readonly stores?: number;
  /** First date, `2021-09-01`. */
  readonly from?: string;
  /** The date after the last one. */
  readonly until?: string;
}

const salesHeader = ['Date', 'Invoice/Item Number', 'Store Number', 'Item Number', 'Bottles Sold', 'Sale (Dollars)'];
const storesHeader = ['Store', 'Name', 'Store Status', 'Address', 'City', 'State', 'Zip Code', 'latitude', 'longitude'];
const productsHeader = [
  ['Item Number', 'Category Name', 'Item Description', 'Vendor', 'Vendor Name', 'Bottle Volume (ml)', 'Pack'],
  ['Inner Pack', 'Age', 'Proof', 'List Date', 'UPC', 'SCC'],
  ['State Bottle Cost', 'State Case Cost', 'State Bottle Retail'],
].flat();

/**
 * Writes made-up sales into a folder: sales-YYYY-MM.csv.gz, stores.csv, products.csv. The same options give the same rows
 * everywhere and the same bytes on the same machine. Each file appears whole or not at all; files of other months stay.
 */
export async function generateSales(
  folder: string,
  { seed = 1, stores: count = 60, from = '2021-09-01', until = '2022-03-01' }: SalesOptions = {},
): Promise<{ readonly files: readonly string[]; readonly lines: number }> {
  const stores = makeStores(seed, count);
  const products = makeProducts(seed);
  const asOf = until;
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'stores.csv'), storeRecords(stores, asOf));
  await writeWhole(join(folder, 'products.csv'), productRecords(products, asOf));

  const files = ['stores.csv', 'products.csv'];
  let lines = 0;
  const days = tradeDays({ seed, stores, products, from: dayOf(from), until: dayOf(until) });
  let next = days.next();
  while (!next.done) {
    const month = next.value.date.slice(0, 7);
    const file = `sales-${month}.csv.gz`;
    await writeWhole(
      join(folder, file),
      (function* () {
        yield csvRecord(salesHeader);
        for (; !next.done && next.value.date.startsWith(month); next = days.next()) {
          lines += next.value.lines.length;
          yield next.value.lines.map(salesRecord).join('');
        }
      })(),
    );
    files.push(file);
  }
  return { files, lines };
}

async function writeWhole(path: string, chunks: Iterable<string>): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const source = Readable.from(chunks);
  const target = createWriteStream(unfinished);
  // A gzip stream of Node writes no time into the header, so equal rows are equal bytes.
  await (path.endsWith('.gz') ? pipeline(source, createGzip(), target) : pipeline(source, target));
  await rename(unfinished, path);
}

function salesRecord(line: SalesLine): string {
  return csvRecord([
    line.date,
    line.lineId,
    line.store.id,
    line.product.id,
    String(line.quantity),
    shortAmount(line.cents),
  ]);
}

function* storeRecords(stores: readonly Store[], asOf: string): Generator<string> {
  yield csvRecord([...storesHeader, 'Report Date']);
  for (const store of stores) {
    const place = [store.place?.latitude ?? '', store.place?.longitude ?? ''];
    const address = [store.address, store.city, 'XX', store.zipCode];
    yield csvRecord([store.id, store.name, store.active ? 'A' : 'I', ...address, ...place, asOf]);
  }
}

function* productRecords(products: readonly Product[], asOf: string): Generator<string> {
  yield csvRecord([...productsHeader, 'Report Date']);
  for (const product of products.filter(({ unlisted }) => !unlisted)) {
    const names = [product.id, product.category, product.description, product.vendorId, product.vendor];
    const sizes = [String(product.volume), String(product.pack), '1', '0', '0', product.listDate];
    const codes = [product.upc, product.upc && `1${product.upc}`];
    const cost = Math.floor((product.price * 2) / 3);
    const prices = [cost, cost * product.pack, product.price].map((cents) => (cents / 100).toFixed(2));
    yield csvRecord([...names, ...sizes, ...codes, ...prices, asOf]);
  }
}

/** Two decimals at most and none that say nothing: `126`, `110.7`, `48.39`. */
function shortAmount(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const [whole, part] = [Math.floor(Math.abs(cents) / 100), Math.abs(cents) % 100];
  const decimals = String(part).padStart(2, '0').replace(/0+$/, '');
  return `${sign}${whole}${decimals && `.${decimals}`}`;
}
