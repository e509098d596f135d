import type ExcelJS from 'exceljs';
import type { Document, Figure } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { showAlone } from '../compose/present.ts';
import { colours } from './colours.ts';
import { aloneFormat, cellValue } from './xlsx-cell.ts';

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
  sheet.columns = [{ width: 30 }, { width: 24 }, { width: 14 }, { width: 16 }, { width: 40 }];
  sheet.addRow([document.test ? `TEST: ${document.title}` : document.title]).font = { size: 16, bold: true };
  sheet.addRow([document.subtitle]).font = { color: argb(colours.quiet) };
  sheet.addRow([]);
  sheet.addRow([figure, value, ofWhole, change, comparedWith]).font = { bold: true };
  for (const line of summaryLines(document)) {
    const row = sheet.addRow([line.title]);
    for (const [index, one] of [line.figure, line.of, line.change].entries())
      if (one !== undefined) fillCell(row.getCell(index + 2), one, locale);
    if (line.against !== '') row.getCell(5).value = line.against;
  }
  for (const column of [2, 3, 4]) sheet.getColumn(column).alignment = { horizontal: 'right' };
}

function fillCell(cell: ExcelJS.Cell, figure: Figure, locale: string): void {
  cell.value = cellValue(figure, locale);
  const format = aloneFormat(figure.rule, locale);
  if (format !== undefined) cell.numFmt = format;
  const { tone } = showAlone(figure, locale);
  if (tone) cell.font = { color: argb(colours[tone.direction]) };
}

const argb = (colour: string) => ({ argb: `FF${colour.slice(1)}` });
