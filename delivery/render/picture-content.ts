import { type Chart, type Document, shownColumns, type Table, type Tile, tablesOf } from '../compose/document.ts';
import type { Shown } from '../compose/present.ts';
import { pageTable } from './page-table.ts';

/** How many rows a picture has room for: of the first table, and of what changed on either side. */
export interface PictureRows {
  readonly table: number;
  readonly movers: number;
}

/** What of a document a picture shows besides its titles and headline. */
export interface PictureContent {
  readonly tiles: readonly Tile[];
  readonly chart?: Chart;
  readonly tables: readonly PictureTable[];
}

/** Name, the figure that the rows are sorted by and how it changed: what fits a phone. */
export interface PictureTable {
  readonly title: string;
  readonly heads: readonly { readonly text: string; readonly name: boolean }[];
  readonly rows: readonly (readonly Shown[])[];
  readonly groups: readonly number[];
}

/** Chooses it, once for drawing the picture and once for reading it back. */
export function pictureContent(document: Document, rows: PictureRows): PictureContent {
  const { blocks } = document;
  const chart = blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []))[0];
  const tables = tablesOf(document);
  const movers = tables.find(({ role }) => role === 'movers');
  const first = tables.find(({ role }) => role === 'data');
  return {
    tiles: blocks.flatMap((block) => (block.kind === 'kpis' ? block.tiles : [])).slice(0, 4),
    ...(chart === undefined ? {} : { chart }),
    tables: [
      ...(movers ? [tableOf(movers, rows.movers, document)] : []),
      ...(first && rows.table > 0 ? [tableOf(first, rows.table, document)] : []),
    ],
  };
}

function tableOf(table: Table, count: number, document: Document): PictureTable {
  const words = pageTable(few(table, count), document);
  const name = words.columns.findIndex(({ text }) => text);
  const growth = words.columns.findIndex(({ arrows }) => arrows);
  const shown = [name, figureBeside(table, growth), growth].filter((at) => at >= 0);
  return {
    title: words.title,
    heads: shown.map((at) => {
      const { title = '', unit } = words.columns[at] ?? {};
      return { text: unit === undefined ? title : `${title}, ${unit}`, name: at === name };
    }),
    rows: words.rows.map((row) => shown.map((at) => row[at] ?? { text: '' })),
    groups: words.groups,
  };
}

/** The first rows of a table; of movers the first of either side. */
function few(table: Table, rows: number): Table {
  const [turn] = table.groups;
  const kept =
    turn === undefined
      ? table.rows.slice(0, rows)
      : [...table.rows.slice(0, Math.min(rows, turn)), ...table.rows.slice(turn, turn + rows)];
  return {
    ...table,
    rows: kept,
    shown: kept.length,
    groups: turn === undefined ? [] : [Math.min(rows, turn)],
    totals: [],
  };
}

/**
 * Of movers the difference; else the column by which the rows are sorted, so that a reader sees why they come first; else what
 * the growth was computed from. Indexes are those of the columns that pages show.
 */
function figureBeside(table: Table, growth: number): number {
  const shown = shownColumns(table);
  if (table.role === 'movers') return growth - 1;
  const sorted = shown.findIndex((at) => table.columns[at]?.rule.kind === 'number' && isSorted(table, at));
  if (sorted >= 0) return sorted;
  const of = table.columns[shown[growth] ?? -1]?.of;
  return of === undefined ? -1 : shown.indexOf(of);
}

/** Largest first, in size or in value, and not all alike. */
function isSorted({ rows }: Table, at: number): boolean {
  const values = rows.map((row) => Number(row[at] ?? 0));
  const falls = (list: readonly number[]) =>
    list.every((value, index) => index === 0 || value <= (list[index - 1] ?? value));
  return values.at(0) !== values.at(-1) && (falls(values) || falls(values.map(Math.abs)));
}
