import type { ContentTable, CustomTableLayout, TableCell } from 'pdfmake/interfaces.js';
import { plainText, type Shown } from '../compose/present.ts';
import { colours, tintOf, toneShade } from './colours.ts';
import type { PageColumn, PageTable } from './page-table.ts';
import { arrow, breakable, inRuns, size } from './pdf-parts.ts';

/** What the layout needs to know of a table besides its cells: the lines that begin a group, with the header's counted. */
interface Ruled {
  readonly groupLines?: ReadonlySet<number>;
  /** Rows closer together: a long schedule keeps to few pages. */
  readonly dense?: boolean;
  /** The columns of arrows: they keep apart from the figure before them. */
  readonly arrowColumns?: ReadonlySet<number>;
  /** From this row on all is on one page. */
  readonly keepFrom?: number;
}

/** Hairlines under the header and between groups, none else. */
export const tableLayout: CustomTableLayout = {
  hLineWidth: (line, { table }) => (line === 2 ? 0.7 : (table as Ruled).groupLines?.has(line) ? 0.4 : 0),
  hLineColor: (line) => (line === 2 ? colours.ink : colours.line),
  vLineWidth: () => 0,
  paddingLeft: (column, { table }) => (column === 0 ? 0 : (table as Ruled).arrowColumns?.has(column) ? 8 : 4),
  paddingRight: () => 4,
  paddingTop: (_, { table }) => ((table as Ruled).dense ? 1.2 : 2),
  paddingBottom: (_, { table }) => ((table as Ruled).dense ? 1.2 : 2),
};

/**
 * A table as wide as the page. Title and header are repeated on each page, no row is split, and the title never stands
 * alone at a page's foot. A growth takes two columns: one for its arrow.
 */
export function tableContent(table: PageTable, width: number, dense = false): ContentTable {
  const { columns, rows, totals } = table;
  const wide = columns.map((column, at) => isWide(column, table, at));
  const empty: TableCell[][] =
    rows.length === 0 ? [spanned({ text: inRuns(table.noRows), color: colours.quiet }, physical(columns))] : [];
  const groupLines = new Set([
    ...table.groups.map((row) => row + 2),
    ...(totals.length > 0 ? [2 + rows.length + empty.length] : []),
  ]);
  const title: TableCell = {
    text: inRuns(table.title),
    fontSize: size.medium,
    bold: true,
    margin: [0, 0, 0, 2],
    // A letter is read from its first line to its last; a report is looked up.
    ...(dense ? {} : { outline: true, outlineText: table.title }),
  };
  const body: TableCell[][] = [
    spanned(title, physical(columns)),
    columns.flatMap(headerCells),
    ...empty,
    ...rows.map((row) => row.flatMap((cell, at) => cells(cell, columns[at], wide[at] ?? false, false))),
    ...totals.map((row) =>
      labelSpread(
        row.flatMap((cell, at) => cells(cell, columns[at], wide[at] ?? false, true)),
        row,
      ),
    ),
  ];
  const ruled = {
    headerRows: 2,
    ...keptTogether(body.length - 2, totals.length, dense ? 3 : 6),
    dontBreakRows: true,
    widths: columns.flatMap((column, at) => [
      ...(column.arrows ? [7] : []),
      // Without a name that takes what is left, the figures share the width of the page.
      wide[at] || (!wide.includes(true) && at > 0) ? ('*' as const) : ('auto' as const),
    ]),
    body,
    groupLines,
    dense,
    arrowColumns: arrowColumns(columns),
  };
  return { table: ruled, layout: 'report', margin: [0, 16, 0, 0], width } as ContentTable;
}

/** So many rows stay with the header, two with the totals; a table of few rows stays whole. A schedule may begin with fewer. */
function keptTogether(lines: number, totals: number, head: number): { keepWithHeaderRows: number; keepFrom?: number } {
  const tail = totals + 2;
  return lines < tail + head ? { keepWithHeaderRows: lines } : { keepWithHeaderRows: head, keepFrom: 2 + lines - tail };
}

/** A growth takes two columns, the first for its arrow. */
function arrowColumns(columns: readonly PageColumn[]): ReadonlySet<number> {
  let at = 0;
  return new Set(
    columns.flatMap(({ arrows }) => {
      const first = at;
      at += arrows ? 2 : 1;
      return arrows ? [first] : [];
    }),
  );
}

const physical = (columns: readonly PageColumn[]) => columns.reduce((count, { arrows }) => count + (arrows ? 2 : 1), 0);

/** The label of a total may spread over the blank cells after it, so that it widens no column of codes. */
function labelSpread(line: TableCell[], row: PageTable['rows'][number]): TableCell[] {
  const filled = row.findIndex(({ text }, at) => at > 0 && text !== '');
  const [label] = line;
  if (filled <= 1 || typeof label !== 'object') return line;
  return [
    { ...label, colSpan: filled } as TableCell,
    ...Array.from({ length: filled - 1 }, () => ''),
    ...line.slice(filled),
  ];
}

/** A cell over the whole width; the others of its row are placeholders. */
function spanned(cell: TableCell, columns: number): TableCell[] {
  return [{ ...(cell as object), colSpan: columns } as TableCell, ...Array.from({ length: columns - 1 }, () => '')];
}

/** Names take what is left of the width; codes and figures what they need. */
function isWide(column: PageColumn, table: PageTable, at: number): boolean {
  return column.text && table.rows.some((row) => (row[at]?.text.length ?? 0) > 12);
}

function headerCells({ title, unit, align, arrows }: PageColumn): TableCell[] {
  const small = unit === undefined ? [] : [{ text: inRuns(unit), color: colours.quiet, bold: false, alignment: align }];
  // Short titles keep to one line: a long name beside them would else squeeze them to a word a line.
  const noWrap = title.length <= 14;
  const cell = { stack: [{ text: inRuns(title), bold: true, alignment: align, noWrap }, ...small] };
  return arrows ? [{ ...cell, colSpan: 2 }, ''] : [cell];
}

function cells({ text, tone }: Shown, column: PageColumn | undefined, wide: boolean, bold: boolean): TableCell[] {
  const tint = tone && tintOf(tone);
  const fill = tint === undefined ? {} : { fillColor: tint };
  const words: TableCell = {
    text: inRuns(wide ? breakable(plainText(text)) : plainText(text)),
    alignment: column?.align ?? 'left',
    ...(wide ? {} : { noWrap: true }),
    ...(bold ? { bold } : {}),
    ...(tone ? { color: toneShade(tone) } : {}),
    ...fill,
  };
  if (!column?.arrows) return [words];
  const drawn = tone === undefined || tone.direction === 'flat' ? { text: '' } : arrow(tone, size.small);
  return [{ ...drawn, ...fill }, words];
}
