import type ExcelJS from 'exceljs';
import { instantOf } from '../compose/date.ts';
import type { Chart, Document } from '../compose/document.ts';
import { plainText } from '../compose/present.ts';
import { colours } from './colours.ts';
import { cellValue, numberFormat, sheetFont } from './xlsx-cell.ts';

/** Two columns a chart, and an empty one between. */
const stride = 3;
/** A chart's message and its headings stand above its points. */
export const firstPointRow = 3;

/** The charts of a document, in page order. */
export const chartsOf = ({ blocks }: Document): readonly Chart[] =>
  blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));

/** The cells of a chart's points: the day or name, and the exact figure. */
export function pointCells(chart: Chart, locale: string): readonly (readonly [ExcelJS.CellValue, ExcelJS.CellValue])[] {
  return chart.points.map(({ at, value }) => [
    at === null ? null : chart.x.kind === 'date' ? instantOf(String(at)) : plainText(String(at)),
    cellValue({ value, rule: chart.y.rule }, locale),
  ]);
}

/** The column, counted from 1, in which a chart's days or names stand. */
export const columnOf = (index: number) => 1 + index * stride;

/** What each chart was drawn from, side by side. */
export function fillCharts(sheet: ExcelJS.Worksheet, document: Document): void {
  for (const [index, chart] of chartsOf(document).entries()) {
    const left = columnOf(index);
    const { x, y, unit } = chart;
    sheet.getRow(1).getCell(left).value = plainText(chart.title);
    sheet.getRow(1).font = { ...sheetFont, bold: true };
    const heading = sheet.getRow(2);
    heading.getCell(left).value = x.title;
    heading.getCell(left + 1).value = unit === undefined ? y.title : `${y.title}, ${unit}`;
    for (const [at, cells] of pointCells(chart, document.locale).entries())
      for (const [side, value] of cells.entries()) sheet.getRow(firstPointRow + at).getCell(left + side).value = value;
    const [days, figures] = [sheet.getColumn(left), sheet.getColumn(left + 1)];
    days.width = x.kind === 'date' ? 14 : 36;
    figures.width = 18;
    const format = numberFormat(y.rule, document.locale);
    if (x.kind === 'date') days.numFmt = 'd mmm yyyy';
    if (format !== undefined) figures.numFmt = format;
    heading.getCell(left + 1).alignment = { horizontal: 'right' };
  }
  sheet.getRow(2).font = { ...sheetFont, color: { argb: `FF${colours.quiet.slice(1)}` } };
}
