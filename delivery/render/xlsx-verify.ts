import ExcelJS from 'exceljs';
import { messageOf } from '#engine';
import { type Document, type Table, tablesOf } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { figureAt } from '../compose/present.ts';
import { type Findings, openFindings, type Verdict } from './renderer.ts';
import { cellValue } from './xlsx-cell.ts';
import { chartsOf, columnOf, firstPointRow, pointCells } from './xlsx-charts.ts';
import { sheetNames, sheetTitles } from './xlsx-names.ts';
import { headerRow, headerText, sheetTotals } from './xlsx-sheet.ts';
import { firstFigureRow, summaryLines } from './xlsx-summary.ts';
import { letterOf } from './xlsx-totals.ts';

/** Opens a workbook again: every cell must hold the document's exact figure, and each growth its live rules. */
export async function verifyXlsx(bytes: Uint8Array, document: Document): Promise<Verdict> {
  const findings = openFindings(document, 'xlsx');
  const book = new ExcelJS.Workbook();
  try {
    await book.xlsx.load(new Uint8Array(bytes).buffer);
  } catch (error) {
    findings.say('unreadable', messageOf(error));
    return findings.verdict();
  }
  verifySummary(book.worksheets[0], document, findings);
  const tables = tablesOf(document);
  const names = sheetNames(sheetTitles(document));
  for (const [index, table] of tables.entries()) {
    const sheet = book.getWorksheet(names[index + 1]);
    if (sheet === undefined) findings.say('missing-table', `has no sheet ${names[index + 1]}`);
    else verifyTable(sheet, table, document, findings);
  }
  verifyCharts(book.getWorksheet(names[tables.length + 1]), document, findings);
  return findings.verdict();
}

function verifyTable(sheet: ExcelJS.Worksheet, table: Table, document: Document, findings: Findings): void {
  const { locale } = document;
  const say = (code: string, message: string) => findings.say(code, `sheet ${sheet.name}: ${message}`);
  const expect = (row: number, column: number, wanted: ExcelJS.CellValue) => {
    const found = resultOf(sheet.getRow(row).getCell(column + 1).value);
    if (!same(found, wanted)) say('wrong-cell', `${letterOf(column)}${row}: ${show(found)}, not ${show(wanted)}`);
  };
  for (const [column, spec] of table.columns.entries()) expect(headerRow, column, headerText(spec));
  for (const [index, cells] of table.rows.entries())
    for (const column of table.columns.keys())
      expect(headerRow + 1 + index, column, cellValue(figureAt(table, cells, column), locale));
  const firstTotal = headerRow + Math.max(table.rows.length, 1) + 2;
  const totals = sheetTotals(table);
  for (const [index, { cells }] of totals.entries())
    for (const column of table.columns.keys()) {
      const label = column === 0 && cells[0] === '' ? phrasesOf(locale).total : undefined;
      expect(firstTotal + index, column, label ?? cellValue(figureAt(table, cells, column), locale));
    }
  const last = totals.length > 0 ? firstTotal + totals.length - 1 : headerRow + table.rows.length;
  if (sheet.actualRowCount > 0 && sheet.rowCount > last) say('row-count', `${sheet.rowCount} rows, not ${last}`);
  verifyRules(sheet, table, say);
  const [view] = sheet.views;
  if (view?.state !== 'frozen' || view.ySplit !== headerRow) say('not-frozen', 'its header is not frozen');
  if (!sheet.autoFilter) say('no-filter', 'has no filter');
}

function verifyRules(sheet: ExcelJS.Worksheet, table: Table, say: (code: string, message: string) => void): void {
  const found = conditionalFormattingsOf(sheet);
  for (const [at, { rule, title }] of table.columns.entries()) {
    if (rule.kind !== 'growth') continue;
    const column = letterOf(at);
    const own = found.filter(({ ref }) => new RegExp(`^${column}\\d+:${column}\\d+$`).test(ref));
    const formulas = own.flatMap(({ rules }) => rules.flatMap((one) => ('formulae' in one ? one.formulae : [])));
    if (!formulas.some((formula) => String(formula).includes(`${column}2>${rule.flat}`)))
      say('no-rules', `${title} has no live rules`);
  }
}

/** exceljs reads them but does not say so in its types. */
function conditionalFormattingsOf(sheet: ExcelJS.Worksheet): readonly ExcelJS.ConditionalFormattingOptions[] {
  const { conditionalFormattings } = sheet as { conditionalFormattings?: ExcelJS.ConditionalFormattingOptions[] };
  return conditionalFormattings ?? [];
}

function verifySummary(sheet: ExcelJS.Worksheet | undefined, document: Document, findings: Findings): void {
  for (const [index, { title, figure, of, change, against }] of summaryLines(document).entries()) {
    const row = sheet?.getRow(firstFigureRow + index);
    const found = [1, 2, 3, 4, 5].map((column) => resultOf(row?.getCell(column).value ?? null));
    const figures = [figure, of, change].map((one) => (one ? cellValue(one, document.locale) : null));
    const wanted = [title, ...figures, against === '' ? null : against];
    if (!wanted.every((value, at) => same(found[at] ?? null, value)))
      findings.say(
        'wrong-figure',
        `summary, ${title}: ${found.map(show).join(' | ')}, not ${wanted.map(show).join(' | ')}`,
      );
  }
}

function verifyCharts(sheet: ExcelJS.Worksheet | undefined, document: Document, findings: Findings): void {
  for (const [index, chart] of chartsOf(document).entries())
    for (const [at, wanted] of pointCells(chart, document.locale).entries()) {
      const row = sheet?.getRow(firstPointRow + at);
      const found = wanted.map((_, side) => resultOf(row?.getCell(columnOf(index) + side).value ?? null));
      if (!wanted.every((value, side) => same(found[side] ?? null, value)))
        findings.say('wrong-chart', `chart ${chart.name}, point ${at + 1}: ${found.map(show).join(' | ')}`);
    }
}

const resultOf = (value: ExcelJS.CellValue): ExcelJS.CellValue =>
  value !== null && typeof value === 'object' && 'formula' in value ? (value.result ?? null) : value;

function same(a: ExcelJS.CellValue, b: ExcelJS.CellValue): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : (a ?? null) === (b ?? null);
}

const show = (value: ExcelJS.CellValue | undefined) =>
  value instanceof Date ? value.toISOString() : JSON.stringify(value);
