import type ExcelJS from 'exceljs';
import type { Document, Table, TableColumn } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { figureAt, showCell } from '../compose/present.ts';
import { isNumeric } from '../compose/rule.ts';
import { colours } from './colours.ts';
import { cellValue, numberFormat, sheetFont } from './xlsx-cell.ts';
import { growthFormatting } from './xlsx-rules.ts';
import { letterOf, makeLive } from './xlsx-totals.ts';

/** The row of the header; data begins below it. */
export const headerRow = 1;

/** The title of a column with its unit. */
export const headerText = ({ title, unit }: TableColumn) => (unit === undefined ? title : `${title}, ${unit}`);

/** The totals of all rows: what pages cut short is whole in the workbook. */
export const sheetTotals = ({ totals }: Table): Table['totals'] => totals.filter(({ kind }) => kind === 'all');

/**
 * One table on a sheet of its own, with all its rows: header frozen with a filter, data, an empty row, a total out of the
 * filter's reach, live over the rows that the filter leaves. The range is named `data_<table>`.
 */
export function addTableSheet(book: ExcelJS.Workbook, name: string, table: Table, document: Document): void {
  const { columns, rows } = table;
  const totals = sheetTotals(table);
  const lastRow = headerRow + Math.max(rows.length, 1);
  const lastColumn = letterOf(columns.length - 1);
  const sheet = book.addWorksheet(name, {
    views: [{ state: 'frozen', ySplit: headerRow, showGridLines: false }],
    pageSetup: {
      paperSize: 9,
      orientation: 'portrait',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: `${headerRow}:${headerRow}`,
      // A dollar before the row number: without it the area would move with the selection.
      printArea: `A$${headerRow}:${lastColumn}$${lastRow + 1 + totals.length}`,
    },
    headerFooter: { oddHeader: `&L${printed(document.title)}, ${printed(document.subtitle)}&R&P / &N` },
  });
  sheet.columns = columns.map((column, at) => ({
    width: widthOf(table, at, document.locale),
    hidden: column.hidden,
    style: { alignment: { horizontal: column.align } },
  }));
  const header = sheet.getRow(headerRow);
  for (const [at, column] of columns.entries()) header.getCell(at + 1).value = headerText(column);
  header.font = { ...sheetFont, bold: true };
  header.alignment = { vertical: 'bottom', wrapText: true };
  header.border = { bottom: { style: 'thin', color: { argb: `FF${colours.ink.slice(1)}` } } };
  for (const [at, column] of columns.entries())
    header.getCell(at + 1).alignment = { horizontal: column.align, wrapText: true };

  for (const [index, cells] of rows.entries()) fillRow(sheet, headerRow + 1 + index, table, cells, document.locale);
  const firstTotal = lastRow + 2;
  for (const [index, line] of totals.entries()) {
    const row = fillRow(sheet, firstTotal + index, table, line.cells, document.locale);
    if (line.cells[0] === '') row.getCell(1).value = phrasesOf(document.locale).total;
    row.font = { ...sheetFont, bold: true };
    // A sum of the rows here would not be the total, which is of other files' rows too.
    if (table.whole === undefined) makeLive(row, table, { first: headerRow + 1, last: lastRow }, document.locale);
  }

  sheet.autoFilter = `A${headerRow}:${lastColumn}${lastRow}`;
  book.definedNames.add(
    `'${name.replaceAll("'", "''")}'!$A$${headerRow}:$${lastColumn}$${lastRow}`,
    `data_${table.name}`,
  );
  addRules(sheet, table, lastRow + 1 + totals.length, document.locale);
}

function fillRow(sheet: ExcelJS.Worksheet, at: number, table: Table, cells: Table['rows'][number], locale: string) {
  const row = sheet.getRow(at);
  for (const [column, { rule }] of table.columns.entries()) {
    const value = cellValue(figureAt(table, cells, column), locale);
    if (value === null) continue;
    const cell = row.getCell(column + 1);
    cell.value = value;
    const format = numberFormat(rule, locale);
    if (format !== undefined) cell.numFmt = format;
  }
  return row;
}

function addRules(sheet: ExcelJS.Worksheet, table: Table, lastRow: number, locale: string): void {
  let priority = 1;
  for (const [at, { rule, base, of }] of table.columns.entries()) {
    if (rule.kind !== 'growth') continue;
    const place = {
      column: letterOf(at),
      base: base === undefined ? undefined : letterOf(base),
      of: of === undefined ? undefined : letterOf(of),
      firstRow: headerRow + 1,
      lastRow,
    };
    const formatting = growthFormatting(rule, place, priority, phrasesOf(locale).stopped);
    priority += formatting.rules.length;
    sheet.addConditionalFormatting(formatting);
  }
}

/** As wide as the longest cell, within reason; figures get room for the workbook's decimals. */
function widthOf(table: Table, at: number, locale: string): number {
  const column = table.columns[at];
  if (column === undefined) return 10;
  const more = isNumeric(column.type) ? 5 : 2;
  const lines = [...table.rows, ...table.totals.map(({ cells }) => cells)];
  const longest = lines.reduce((most, cells) => Math.max(most, showCell(table, cells, at, locale).text.length), 0);
  return Math.min(Math.max(longest + more, headerText(column).length + 4, 10), 48);
}

/** `&` begins a code in a sheet's header. */
const printed = (text: string) => text.replaceAll('&', '&&');
