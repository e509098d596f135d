import ExcelJS from 'exceljs';
import { type Document, type Figure, tablesOf } from '../compose/document.ts';
import { plainText, showAlone } from '../compose/present.ts';
import { colours } from './colours.ts';
import type { Renderer } from './renderer.ts';
import { cellValue, numberFormat } from './xlsx-cell.ts';
import { sheetNames } from './xlsx-names.ts';
import { addTableSheet } from './xlsx-sheet.ts';
import { verifyXlsx } from './xlsx-verify.ts';
import { dateZip } from './zip-dates.ts';

/**
 * A workbook to work with: a summary, a sheet for each table with numbers as numbers and dates as dates, live rules for
 * growth, and the definitions. Its only time is the document's, so the same document gives the same bytes.
 */
export function openXlsx(): Renderer {
  return {
    async render(document, { signal }) {
      const book = workbookOf(document);
      signal.throwIfAborted();
      const bytes = new Uint8Array(await book.xlsx.writeBuffer());
      dateZip(bytes, new Date(document.madeAt));
      const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
      return { kind: 'rendered', file: { bytes, mediaType, extension: 'xlsx' } };
    },
    verify: (file, document) => verifyXlsx(file.bytes, document),
  };
}

function workbookOf(document: Document): ExcelJS.Workbook {
  const book = new ExcelJS.Workbook();
  const at = new Date(document.madeAt);
  Object.assign(book, { creator: 'Tiffin', lastModifiedBy: 'Tiffin', created: at, modified: at });
  Object.assign(book, {
    title: `${document.title}, ${document.subtitle}`,
    subject: document.slot,
    keywords: `run ${document.run}`,
    description: document.footer,
  });
  const tables = tablesOf(document);
  const names = sheetNames(['Summary', ...tables.map((table) => table.title), 'Definitions']);
  const name = (index: number) => names[index] ?? `Sheet ${index + 1}`;
  addSummary(book, name(0), document);
  for (const [index, table] of tables.entries()) addTableSheet(book, name(index + 1), table, document);
  addDefinitions(book, name(tables.length + 1), document);
  return book;
}

const page = { paperSize: 9, orientation: 'portrait', fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const;

/** Title, headline and tiles: a name, its figure, what it is of, its change. */
function addSummary(book: ExcelJS.Workbook, name: string, document: Document): void {
  const sheet = book.addWorksheet(name, { pageSetup: page, views: [{ showGridLines: false }] });
  sheet.columns = [{ width: 30 }, { width: 24 }, { width: 14 }, { width: 16 }];
  sheet.addRow([document.test ? `TEST: ${document.title}` : document.title]).font = { size: 16, bold: true };
  sheet.addRow([document.subtitle]).font = { color: argb(colours.quiet) };
  sheet.addRow([]);
  sheet.addRow(['Figure', 'Value', 'Of', 'Change, %']).font = { bold: true };
  const { headline } = document;
  if (headline) addFigure(sheet, headline.title, headline.figure, undefined, headline.change?.figure, document);
  for (const block of document.blocks) {
    if (block.kind !== 'kpis') continue;
    for (const tile of block.tiles) addFigure(sheet, tile.title, tile.figure, tile.of, tile.change, document);
  }
  for (const column of [2, 3, 4]) sheet.getColumn(column).alignment = { horizontal: 'right' };
}

function addFigure(
  sheet: ExcelJS.Worksheet,
  title: string,
  figure: Figure,
  of: Figure | undefined,
  change: Figure | undefined,
  { locale }: Document,
): void {
  const row = sheet.addRow([title]);
  for (const [index, one] of [figure, of, change].entries()) {
    if (one === undefined) continue;
    const cell = row.getCell(index + 2);
    cell.value = cellValue(one);
    const format = numberFormat(one.rule, locale);
    if (format !== undefined) cell.numFmt = format;
    const { tone } = showAlone(one, locale);
    if (tone) cell.font = { color: argb(colours[tone.direction]) };
  }
}

function addDefinitions(book: ExcelJS.Workbook, name: string, document: Document): void {
  const sheet = book.addWorksheet(name, { pageSetup: page, views: [{ showGridLines: false }] });
  sheet.columns = [{ width: 110, style: { alignment: { wrapText: true, vertical: 'top' } } }];
  const unknown = 'An empty cell is not known; the pages show an en dash there.';
  for (const line of [...document.notes, unknown, document.footer]) sheet.addRow([plainText(line)]);
}

const argb = (colour: string) => ({ argb: `FF${colour.slice(1)}` });
