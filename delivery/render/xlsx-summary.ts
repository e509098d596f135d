import type ExcelJS from 'exceljs';
import type { Document, Figure } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { showAlone } from '../compose/present.ts';
import { colours } from './colours.ts';
import { aloneFormat, cellValue, sheetFont } from './xlsx-cell.ts';

/** A line of the summary: a figure, what it is of, its change and what that is against. */
export interface SummaryLine {
  readonly title: string;
  readonly figure: Figure;
  readonly of?: Figure | undefined;
  readonly change?: Figure | undefined;
  readonly against: string;
}

/** The first row of figures; title, period and headings stand above. */
export const firstFigureRow = 5;

/** Headline and tiles, in page order. */
export function summaryLines({ headline, blocks }: Document): readonly SummaryLine[] {
  const tiles = blocks.flatMap((block) => (block.kind === 'kpis' ? block.tiles : []));
  const { title = '', figure, change } = headline ?? {};
  return [
    ...(figure ? [{ title, figure, change: change?.figure, against: change?.title ?? '' }] : []),
    ...tiles.map(({ changeTitle = '', ...tile }) => ({ ...tile, against: changeTitle })),
  ];
}

/** Fills the first sheet: units stand in the cells' formats, so that figures stay numbers. */
export function fillSummary(sheet: ExcelJS.Worksheet, document: Document): void {
  const { locale } = document;
  const { figure, value, ofWhole, change, comparedWith } = phrasesOf(locale);
  const lines = summaryLines(document);
  // A name among the figures is not cut.
  const widest = Math.max(16, ...lines.map((line) => showAlone(line.figure, locale).text.length));
  sheet.columns = [{ width: 30 }, { width: Math.min(widest + 4, 60) }, { width: 14 }, { width: 18 }, { width: 40 }];
  sheet.addRow([document.test ? `TEST: ${document.title}` : document.title]).font = {
    ...sheetFont,
    size: 16,
    bold: true,
  };
  sheet.addRow([document.subtitle]).font = { ...sheetFont, color: argb(colours.quiet) };
  sheet.addRow([]);
  sheet.addRow([figure, value, ofWhole, change, comparedWith]).font = { ...sheetFont, bold: true };
  for (const line of lines) {
    const row = sheet.addRow([line.title]);
    for (const [index, one] of [line.figure, line.of, line.change].entries())
      if (one !== undefined) fillCell(row.getCell(index + 2), one, locale);
    if (line.against !== '') row.getCell(5).value = line.against;
  }
  for (const column of [2, 3, 4]) sheet.getColumn(column).alignment = { horizontal: 'right' };
  sheet.getColumn(5).alignment = { horizontal: 'left', indent: 1 };
}

function fillCell(cell: ExcelJS.Cell, figure: Figure, locale: string): void {
  cell.value = cellValue(figure, locale);
  const format = aloneFormat(figure.rule, locale);
  if (format !== undefined) cell.numFmt = format;
  const { tone } = showAlone(figure, locale);
  if (tone) cell.font = { ...sheetFont, color: argb(colours[tone.direction]) };
}

const argb = (colour: string) => ({ argb: `FF${colour.slice(1)}` });
