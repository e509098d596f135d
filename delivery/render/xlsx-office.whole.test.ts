import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { afterAll, describe, expect, test } from 'vitest';
import { picturesOf } from '../../demo/pictures.ts';
import { type Document, type Table, tablesOf } from '../compose/document.ts';
import { madeUpDocument } from '../compose/made-up.ts';
import { exactText } from '../compose/present.ts';
import type { Cell } from '../query/dataset.ts';
import { tintOf } from './colours.ts';
import { type Pixels, readPng } from './png-bytes.ts';
import { openXlsx } from './xlsx.ts';
import { sheetNames, sheetTitles } from './xlsx-names.ts';

const office = ['/usr/bin/soffice', '/usr/local/bin/soffice'].find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), 'tiffin-office-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Has LibreOffice open a workbook and write it in another form; returns the folder of what it wrote. */
function converted(name: string, bytes: Uint8Array, form: string): string {
  const [book, out] = [join(folder, `${name}.xlsx`), join(folder, name)];
  writeFileSync(book, bytes);
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  const words = [profile, '--headless', '--convert-to', form, '--outdir', out, book];
  execFileSync(office ?? '', words, { stdio: 'ignore', timeout: 120_000 });
  return out;
}

async function bytesOf(document: Document): Promise<Uint8Array> {
  const rendered = await openXlsx().render(document, { signal: new AbortController().signal });
  if (rendered.kind !== 'rendered') throw new Error(rendered.reason);
  return rendered.file.bytes;
}

/** A table of four stores that grew alike. */
async function growths(): Promise<Document> {
  const { headline: _, ...document } = await madeUpDocument({ stores: 4 });
  const [table] = tablesOf(document).filter(({ name }) => name === 'stores');
  if (table === undefined) throw new Error('no table');
  const column = (name: string) => table.columns.findIndex((one) => one.name === name);
  const [now, before, growth] = ['sum_7d', 'previous_sum_7d', 'growth_7d_pct'].map(column);
  const cells = ['145', '100', '45'];
  const rows = Array.from({ length: 4 }, (_, at) =>
    table.columns.map((_column, index): Cell => {
      const place = [now, before, growth].indexOf(index);
      return place >= 0 ? (cells[place] ?? null) : index === 0 ? `Store ${at + 1}` : null;
    }),
  );
  const shown: Table = { ...table, rows, shown: rows.length, totals: [] };
  return { ...document, blocks: [{ kind: 'table', table: shown }], notes: [] };
}

/** The pages of a workbook as LibreOffice prints them. */
async function printed(name: string, bytes: Uint8Array): Promise<readonly Pixels[]> {
  const pdf = readFileSync(join(converted(name, bytes, 'pdf'), `${name}.pdf`));
  return (await picturesOf(new Uint8Array(pdf), 2)).map((picture) => readPng(picture));
}

const up = tintOf({ direction: 'up', step: 5 });
const down = tintOf({ direction: 'down', step: 5 });

/** So many pixels of a colour, roughly the size of what it fills. */
function areaOf(pages: readonly Pixels[], colour: string | undefined): number {
  const wanted = [1, 3, 5].map((at) => Number.parseInt((colour ?? '').slice(at, at + 2), 16));
  const near = (rgb: Uint8Array, at: number) => wanted.every((one, side) => Math.abs((rgb[at + side] ?? 0) - one) <= 3);
  return pages.reduce((sum, { rgb }) => {
    let count = 0;
    for (let at = 0; at < rgb.length; at += 3) if (near(rgb, at)) count++;
    return sum + count;
  }, 0);
}

/** All sheets as CSV, figures as they are and not as they are shown. */
const sheetsAsText = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';

describe.skipIf(office === undefined)('LibreOffice', () => {
  test('reads every figure of every sheet as it is', async () => {
    const document = await madeUpDocument({ stores: 12, categories: 5, brands: 30, products: 40 });
    const out = converted('figures', await bytesOf(document), sheetsAsText);
    const names = sheetNames(sheetTitles(document));
    expect(readdirSync(out)).toHaveLength(names.length);
    for (const [index, table] of tablesOf(document).entries()) {
      const lines: string[][] = parse(readFileSync(join(out, `figures-${names[index + 1]}.csv`)), {
        relax_column_count: true,
      });
      const found = lines.slice(1, table.rows.length + 1);
      const wanted = table.rows.map((cells) =>
        table.columns.map(({ rule }, at) => {
          const exact = exactText(cells[at] ?? null, rule) ?? '';
          return rule.kind === 'number' || rule.kind === 'growth' ? numberIn(exact) : exact;
        }),
      );
      expect(
        found.map((line) => line.map((text, at) => (table.columns[at]?.type === 'text' ? text : numberIn(text)))),
      ).toEqual(wanted);
    }
  });

  test('computes each total to what was stored beside its formula', async () => {
    const document = await madeUpDocument({ stores: 12 });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(new Uint8Array(await bytesOf(document)).buffer);
    // Without what is stored it has to compute.
    for (const sheet of book.worksheets)
      sheet.eachRow((row) => {
        row.eachCell((cell) => {
          if (cell.formula) cell.value = { formula: cell.formula };
        });
      });
    const out = converted('totals', new Uint8Array(await book.xlsx.writeBuffer()), sheetsAsText);
    const names = sheetNames(sheetTitles(document));
    for (const [index, table] of tablesOf(document).entries()) {
      const [total] = table.totals.filter(({ kind }) => kind === 'all');
      if (total === undefined) continue;
      const lines: string[][] = parse(readFileSync(join(out, `totals-${names[index + 1]}.csv`)));
      const found = lines[table.rows.length + 2] ?? [];
      for (const [at, { type, rule }] of table.columns.entries()) {
        if (type === 'text') continue;
        const wanted = exactText(total.cells[at] ?? null, rule) ?? '';
        expect(numberIn(found[at] ?? '?'), table.columns[at]?.name).toBeCloseTo(Number(wanted), 3);
      }
    }
  });

  test('colours a figure anew when it is edited, and takes the colour off a base below zero', async () => {
    const bytes = await bytesOf(await growths());
    const before = await printed('before', bytes);
    const cell = areaOf(before, up) / 4;
    expect(cell).toBeGreaterThan(500);
    expect(areaOf(before, down)).toBe(0);

    const book = new ExcelJS.Workbook();
    await book.xlsx.load(new Uint8Array(bytes).buffer);
    const sheet = book.worksheets[1];
    const columnOf = (title: string) =>
      [...Array(12).keys()].find((at) => sheet?.getRow(1).getCell(at + 1).value === title) ?? -2;
    const edit = (row: number, title: string, value: number) => {
      const found = sheet?.getRow(row).getCell(columnOf(title) + 1);
      if (found) found.value = value;
    };
    edit(2, 'Growth, %', -45);
    edit(3, 'Seven days, USD', 0);
    edit(4, 'Seven before, USD', -100);
    const after = await printed('after', new Uint8Array(await book.xlsx.writeBuffer()));
    // One stays up; one fell, one has stopped; one has a base below zero.
    expect(areaOf(after, up) / cell).toBeCloseTo(1, 0);
    expect(areaOf(after, down) / cell).toBeCloseTo(2, 0);
  });
});

const numberIn = (text: string) => (text === '' || text === 'new' ? '' : Number(text));
