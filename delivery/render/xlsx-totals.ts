import type ExcelJS from 'exceljs';
import type { Table } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { figureAt } from '../compose/present.ts';
import { cellValue } from './xlsx-cell.ts';

/** The first and last row of a sheet's data. */
export interface DataRows {
  readonly first: number;
  readonly last: number;
}

/**
 * Makes a total follow filter and edits: sums are those of the rows that the filter leaves, a growth is that of its two
 * sums. What is stored beside each formula is the exact figure of all rows. A column with text among its figures keeps the
 * figure alone, and so does a growth of it.
 */
export function makeLive(row: ExcelJS.Row, table: Table, { first, last }: DataRows, locale: string): void {
  const sums = new Set<number>();
  for (const [at, { rule }] of table.columns.entries()) {
    const cell = row.getCell(at + 1);
    if (rule.kind !== 'number' || typeof cell.value !== 'number') continue;
    if (table.rows.some((line) => typeof cellValue(figureAt(table, line, at), locale) === 'string')) continue;
    const letter = letterOf(at);
    cell.value = { formula: `SUBTOTAL(109,${letter}${first}:${letter}${last})`, result: cell.value };
    sums.add(at);
  }
  for (const [at, { rule, base, of }] of table.columns.entries()) {
    if (rule.kind !== 'growth' || base === undefined || of === undefined) continue;
    if (!sums.has(base) || !sums.has(of)) continue;
    const cell = row.getCell(at + 1);
    const [now, before] = [of, base].map((column) => `${letterOf(column)}${row.number}`);
    // Sums of a spreadsheet's numbers miss zero by a hair.
    const none = rule.words ? `IF(ROUND(${now},6)>0,"${phrasesOf(locale).isNew}","")` : '""';
    const formula = `IF(ROUND(${before},6)=0,${none},ROUND((${now}-${before})/${before}*100,4))`;
    const { value } = cell;
    cell.value = typeof value === 'number' || typeof value === 'string' ? { formula, result: value } : { formula };
  }
}

/** `A` for the first column. */
export function letterOf(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letterOf(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}
