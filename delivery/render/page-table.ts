import { type Document, shownColumns, type Table } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { type Shown, showCell, totalLabel } from '../compose/present.ts';

/** A table as every page shows it, and as every check expects to read it back: words and tones, no layout. */
export interface PageTable {
  readonly title: string;
  readonly columns: readonly PageColumn[];
  readonly rows: readonly (readonly Shown[])[];
  /** Row indexes that begin a new group. */
  readonly groups: readonly number[];
  readonly totals: readonly (readonly Shown[])[];
  /** What stands in place of the rows of a table without any. */
  readonly noRows: string;
}

export interface PageColumn {
  readonly title: string;
  readonly unit?: string;
  readonly align: 'left' | 'right' | 'center';
  /** Holds growth: an arrow may stand before its figure. */
  readonly arrows: boolean;
  readonly text: boolean;
}

/** What of a document the words of its tables depend on. */
type Around = Pick<Document, 'locale' | 'workbook'>;

const made = new WeakMap<Table, Around & { readonly words: PageTable }>();

/**
 * The words of a table; a line of totals is labelled in its first column, unless that is a sum itself. Made once a table:
 * it is asked for when its signs are checked, when it is drawn and when it is read back.
 */
export function pageTable(table: Table, { locale, workbook }: Around): PageTable {
  const known = made.get(table);
  if (known?.locale === locale && known.workbook === workbook) return known.words;
  const words = wordsOf(table, { locale, workbook });
  made.set(table, { locale, workbook, words });
  return words;
}

function wordsOf(table: Table, document: Around): PageTable {
  const shown = shownColumns(table);
  const words = (cells: Table['rows'][number]) => shown.map((at) => showCell(table, cells, at, document.locale));
  return {
    title: table.title,
    columns: shown.flatMap((at) => {
      const column = table.columns[at];
      if (column === undefined) return [];
      const { title, unit, align, rule } = column;
      const text = rule.kind === 'text';
      return [{ title, ...(unit === undefined ? {} : { unit }), align, arrows: rule.kind === 'growth', text }];
    }),
    rows: table.rows.slice(0, table.shown).map(words),
    groups: table.groups,
    noRows: phrasesOf(document.locale).noRows,
    totals: table.totals.map(({ kind, cells }) =>
      words(cells).map((cell, at) =>
        at === 0 && cell.text === '' ? { text: totalLabel(table, kind, document) } : cell,
      ),
    ),
  };
}
