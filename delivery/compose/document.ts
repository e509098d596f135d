import type { Cell, ColumnType } from '../query/dataset.ts';

/**
 * What a report says, before anything is drawn: exact cells and the rules to show them by. Plain data: it can be written
 * as JSON, compared, and shown by any renderer; the same document always gives the same words.
 */
export interface Document {
  readonly report: string;
  readonly slot: string;
  readonly run: string;
  readonly title: string;
  /** The last day it is about, short: `21 Dec`. */
  readonly day: string;
  /** The business date with its weekday, the week or the month. */
  readonly subtitle: string;
  /** BCP 47: decides grouping and dates. */
  readonly locale: string;
  /** A trial, marked so on every page. */
  readonly test: boolean;
  /** The report is made as a workbook, too: what pages cut short is whole there. */
  readonly workbook: boolean;
  /** Its PDF opens with this only. */
  readonly password?: string;
  /** When it was made, ISO 8601 in UTC; the only time any file carries. */
  readonly madeAt: string;
  readonly headline?: Headline;
  /** All headline figures of report.yml by name, exact: what a restatement compares. */
  readonly figures: Readonly<Record<string, Cell>>;
  readonly blocks: readonly Block[];
  readonly notes: readonly string[];
  readonly footer: string;
}

export type Block =
  | { readonly kind: 'kpis'; readonly tiles: readonly Tile[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'text'; readonly paragraphs: readonly Paragraph[] }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'letterhead'; readonly letterhead: Letterhead }
  | { readonly kind: 'page_break' };

export interface Chart {
  /** Unique in the document. */
  readonly name: string;
  readonly kind: 'bar' | 'line';
  /** Time runs from left to right; names stand one below the other, where they have room. */
  readonly across: 'time' | 'names';
  /** Its message. */
  readonly title: string;
  readonly unit?: string;
  /** What its points are of, and how a point's value is shown. */
  readonly x: { readonly title: string; readonly kind: 'date' | 'text' };
  readonly y: { readonly title: string; readonly rule: Rule };
  /** Marks of the axis, from the lowest; none where each point has its figure. */
  readonly scale: readonly { readonly value: string; readonly label: string }[];
  readonly points: readonly ChartPoint[];
  /** So many there are; the chart has room for the first of them only. */
  readonly firstOf?: number;
  /** The least and the most of the points from `from` to the last but one. */
  readonly band?: { readonly from: number; readonly low: string; readonly high: string };
}

export interface ChartPoint {
  /** The day or name, as the dataset has it. */
  readonly at: Cell;
  readonly label: string;
  /** Exact text; null leaves a gap. */
  readonly value: string | null;
  /** Its label stands at the axis. */
  readonly ticked: boolean;
  /** Stands beside the point. */
  readonly figure?: string;
}

export interface Paragraph {
  readonly kind: 'heading' | 'paragraph' | 'item';
  /** All of its words; a line feed is a break that is meant. */
  readonly text: string;
  /** The same words, where some of them are strong. */
  readonly spans?: readonly Span[];
}

export interface Span {
  readonly text: string;
  readonly strong: boolean;
}

/** Stands at the top of a letter, in place of title and subtitle. The address fits the window of an envelope. */
export interface Letterhead {
  readonly name: string;
  readonly lines: readonly string[];
  readonly address: readonly string[];
  readonly reference?: string;
  readonly date?: string;
}

/** How a figure or a column is shown. Units stand in a table's header, and beside a figure that stands alone. */
export type Rule =
  | { readonly kind: 'text' | 'date' | 'timestamp' | 'boolean' }
  | {
      readonly kind: 'number';
      readonly decimals: number;
      readonly workbookDecimals: number;
      readonly signed: boolean;
      /** A code such as USD, whose sign stands before a lone figure; else any word, after it. */
      readonly currency?: string;
      readonly unit?: string;
      readonly unknown?: string;
    }
  | {
      readonly kind: 'growth';
      readonly decimals: number;
      readonly workbookDecimals: number;
      /** Decimal text, per cent: up to `flat` either way is no change; tints grow up to `cap`. */
      readonly flat: string;
      readonly cap: string;
      /** Says "new" from nothing and "stopped" at nothing. */
      readonly words: boolean;
      readonly tints: boolean;
      readonly unknown?: string;
    };

/** One cell with all that is needed to show it. `base` and `of` are what a growth was computed from, where known. */
export interface Figure {
  readonly value: Cell;
  readonly rule: Rule;
  readonly base?: Cell;
  readonly of?: Cell;
}

export interface Headline {
  readonly title: string;
  readonly figure: Figure;
  readonly change?: { readonly title: string; readonly figure: Figure };
  /** Oldest first; null where nothing is known. */
  readonly trend?: { readonly title: string; readonly points: readonly (string | null)[] };
}

export interface Tile {
  readonly title: string;
  readonly figure: Figure;
  readonly of?: Figure;
  readonly change?: Figure;
  /** What the change is against. */
  readonly changeTitle?: string;
}

export interface TableColumn {
  readonly name: string;
  readonly title: string;
  /** Stands in the header, so that no cell repeats it. */
  readonly unit?: string;
  readonly type: ColumnType;
  readonly rule: Rule;
  readonly align: 'left' | 'right' | 'center';
  /** Not shown on pages; in the workbook hidden, since rules need it. */
  readonly hidden: boolean;
  /** Indexes of the columns a growth was computed from. */
  readonly base?: number;
  readonly of?: number;
}

export interface Table {
  /** Unique in the document; `what_changed`, `stores`. */
  readonly name: string;
  readonly role: 'data' | 'movers';
  readonly title: string;
  readonly columns: readonly TableColumn[];
  /** Cells in the columns' order, exact. Workbook, CSV and JSON have all rows. */
  readonly rows: readonly (readonly Cell[])[];
  /** So many of them, from the first, stand on pages. */
  readonly shown: number;
  /** Row indexes that begin a new group: a hairline stands before them. */
  readonly groups: readonly number[];
  /** Of a table cut to the top N first the total of the rows shown, then that of all. An empty text is a blank cell. */
  readonly totals: readonly TotalLine[];
  /** Of a table divided among several files: how many rows all of them have. Totals are of those. */
  readonly whole?: { readonly shown: number; readonly rows: number };
}

export interface TotalLine {
  readonly kind: 'shown' | 'all';
  readonly cells: readonly Cell[];
}

/** The head of a letter, where the document is one. */
export function letterheadOf({ blocks: [first] }: Document): Letterhead | undefined {
  return first?.kind === 'letterhead' ? first.letterhead : undefined;
}

/** The tables of a document, in page order. */
export function tablesOf(document: Document): readonly Table[] {
  return document.blocks.flatMap((block) => (block.kind === 'table' ? [block.table] : []));
}

/** The indexes of the columns that pages show. */
export function shownColumns(table: Table): readonly number[] {
  return table.columns.flatMap((column, index) => (column.hidden ? [] : [index]));
}
