import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, expect, test } from 'vitest';
import { editionsOf, openCut } from '../edition/for-each.ts';
import type { Cell, Column, Dataset } from '../query/dataset.ts';
import { readPdf } from '../render/pdf-read.ts';
import { textOf } from '../render/pdf-rows.ts';
import { openRenderers } from '../render/renderers.ts';
import { loadReports } from '../report/load.ts';
import type { Format } from '../report/schema.ts';
import { ruleOf } from '../slot/rule.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { openPress } from './printing.ts';

const room = openRenderers();
afterAll(() => room[Symbol.asyncDispose]());

const stores = [
  { id: '2240', store: 'Lantern', locale: 'en', digit: '1' },
  { id: '2100', store: 'Kite', locale: 'hi', digit: '2' },
  { id: '2247', store: 'Banyan', locale: 'gu', digit: '3' },
] as const;

const dataset = (
  name: string,
  columns: Record<string, Column['type']>,
  rows: readonly (readonly Cell[])[],
): Dataset => ({
  name,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
  rows,
});

/** Every figure of a store is made of its own digit, and every name says whose it is. */
const datasets = new Map(
  [
    dataset(
      'sales',
      {
        store_id: 'text',
        quantity: 'integer',
        amount: 'decimal',
        day_before_amount: 'decimal',
        sum_7d: 'decimal',
        previous_sum_7d: 'decimal',
      },
      stores.map(({ id, digit: d }) => [id, d.repeat(3), `${d.repeat(5)}.00`, '4', `${d.repeat(6)}.00`, '4']),
    ),
    dataset(
      'trend',
      { store_id: 'text', sale_date: 'date', amount: 'decimal' },
      stores.flatMap(({ id, digit: d }) =>
        ['20', '21'].map((day): Cell[] => [id, `2021-12-${day}`, `${d.repeat(5)}.00`]),
      ),
    ),
    dataset(
      'products',
      {
        store_id: 'text',
        item_id: 'text',
        item_name: 'text',
        quantity: 'integer',
        sum_7d: 'decimal',
        previous_sum_7d: 'decimal',
        change_7d: 'decimal',
        growth_7d_pct: 'decimal',
      },
      stores.flatMap(({ id, store, digit: d }) =>
        ['Rye', 'Gin'].map((item): Cell[] => [
          id,
          item,
          `${item} of ${store}`,
          d,
          `${d.repeat(4)}.00`,
          null,
          null,
          null,
        ]),
      ),
    ),
  ].map((one) => [one.name, one]),
);

/** All that a reader of a file finds in it. */
async function wordsIn(format: Format, bytes: Uint8Array): Promise<string> {
  if (format === 'pdf') return (await readPdf(bytes)).lines.map(textOf).join('\n');
  if (format !== 'xlsx') return new TextDecoder().decode(bytes);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(bytes).buffer);
  return book.worksheets.map((sheet) => JSON.stringify(sheet.getSheetValues())).join('\n');
}

test('a copy says all of its store and nothing of another, in every format and in its words', async () => {
  const { reports, problems } = await loadReports(join(import.meta.dirname, '../..'));
  expect(problems).toEqual([]);
  const report = reports.find(({ name }) => name === 'store_daily');
  if (report === undefined) throw new Error('the sample has no copies for stores');
  const rows = stores.map(({ id, store, locale }) => [id, store, locale]);
  const editions = editionsOf(report, dataset('for_each', { store_id: 'text', store: 'text', locale: 'text' }, rows));
  const cut = openCut(report, datasets);
  const slot = slotAskedFor(ruleOf(report, 'Asia/Kolkata'), '2021-12-21', new Date(), 'test');
  const facts = { slot, timezone: 'Asia/Kolkata', vars: { currency: 'USD' }, run: 'r1', madeAt: new Date(0) };
  const { signal } = new AbortController();
  for (const edition of editions) {
    const own = stores.find(({ id }) => id === edition.key);
    const composed = openPress(room).compose(report, cut(edition), { ...facts, edition });
    const mail = composed.words('email.liquid', {});
    const texts = [['mail', `${mail}${composed.mail(mail, false)}`]];
    for (const format of ['pdf', 'xlsx', 'html', 'csv', 'json'] as const) {
      const printed = await composed.print(format, signal);
      if (printed.kind !== 'right') throw new Error(JSON.stringify(printed));
      texts.push([format, await wordsIn(format, printed.bytes)]);
    }
    for (const [format = '', text = ''] of texts)
      for (const { store, digit } of stores) {
        const figures = new RegExp(`(?<!\\d)${digit}{2},?${digit}{3}(?!\\d)`);
        const said = { name: text.includes(`of ${store}`) || text.includes(`of${store}`), figure: figures.test(text) };
        const isOwn = store === own?.store;
        if (isOwn && (format === 'csv' || format === 'mail')) expect(said.name || said.figure, format).toBe(true);
        else expect(said, `${store} in the ${format} of ${own?.store}`).toEqual({ name: isOwn, figure: isOwn });
      }
  }
});
