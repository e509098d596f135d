import ExcelJS from 'exceljs';
import { type Document, tablesOf } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { plainText } from '../compose/present.ts';
import type { Renderer } from './renderer.ts';
import { chartsOf, fillCharts } from './xlsx-charts.ts';
import { sheetNames, sheetTitles } from './xlsx-names.ts';
import { addTableSheet } from './xlsx-sheet.ts';
import { fillSummary } from './xlsx-summary.ts';
import { verifyXlsx } from './xlsx-verify.ts';
import { dateZip } from './zip-dates.ts';

/**
 * A workbook to work with: a summary, a sheet for each table with numbers as numbers and dates as dates, live rules for
 * growth, the points of the charts, and the definitions. Its only time is the document's, so the same document gives the same bytes.
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
  const names = sheetNames(sheetTitles(document));
  const name = (index: number) => names[index] ?? `Sheet ${index + 1}`;
  const add = (index: number) => book.addWorksheet(name(index), { pageSetup: page, views: [{ showGridLines: false }] });
  fillSummary(add(0), document);
  for (const [index, table] of tables.entries()) addTableSheet(book, name(index + 1), table, document);
  const more = tables.length + 1;
  if (chartsOf(document).length > 0) fillCharts(add(more), document);
  fillDefinitions(add(names.length - 1), document);
  return book;
}

const page = { paperSize: 9, orientation: 'portrait', fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const;

function fillDefinitions(sheet: ExcelJS.Worksheet, document: Document): void {
  sheet.columns = [{ width: 110 }];
  for (const line of [...document.notes, phrasesOf(document.locale).emptyCell, document.footer])
    sheet.addRow([plainText(line)]);
}
