import type { Line, Piece } from './pdf-read.ts';

/** What is still to be read of one row: for each cell the text not yet met and the edge it must keep to. */
export interface CellReading {
  rest: string;
  /** Holds a shaped script, whose letters come in the order of drawing. */
  readonly shaped: boolean;
  readonly align: 'left' | 'right' | 'center';
  /** Left edge, right edge or middle, as `align` says; unknown until the header has been read. */
  edge: number | undefined;
}

export type RowReading =
  | { readonly kind: 'read'; readonly next: number }
  | { readonly kind: 'different'; readonly found: string; readonly why: string };

const indic = /[\p{Script=Devanagari}\p{Script=Gujarati}]/u;

/**
 * Text for comparison, without white space. Shaped scripts come out of a PDF in the order they were drawn in, which is not
 * the order they are written in; of those the letters are compared, whatever their order.
 */
export function comparable(text: string): string {
  const bare = bareText(text);
  return isShaped(bare) ? [...bare].sort().join('') : bare;
}

/** Whether a text holds letters that are drawn in another order than they are written. */
export const isShaped = (text: string) => indic.test(text);

/** Text without white space and joiners, letters and marks apart. */
export const bareText = (text: string) => text.normalize('NFD').replace(/\s|\u200b|\u200c|\u200d|\ufeff/g, '');

/** Reads one row of cells from a line on, over as many lines of that page as wrapped names need. */
export function readRow(lines: readonly Line[], from: number, cells: readonly CellReading[]): RowReading {
  const page = lines[from]?.page;
  let at = from;
  while (at === from || cells.some(({ rest }) => rest !== '')) {
    const line = lines[at];
    if (line === undefined || line.page !== page)
      return { kind: 'different', found: textOf(lines[from]), why: 'ends before its row does' };
    const wrong = readLine(line, cells);
    if (wrong !== undefined) return { kind: 'different', found: textOf(line), why: wrong };
    at++;
  }
  return { kind: 'read', next: at };
}

/** Hands the pieces of a line to the cells in order; says what does not fit. */
function readLine(line: Line, cells: readonly CellReading[]): string | undefined {
  let next = 0;
  for (const [index, cell] of cells.entries()) {
    const taken: Piece[] = [];
    for (let piece = line.pieces[next]; piece !== undefined; piece = line.pieces[next]) {
      const rest = without(cell, piece.text);
      if (rest === undefined || (taken.length === 0 && !keepsEdge(cell, piece, line.pieces, next))) break;
      cell.rest = rest;
      taken.push(piece);
      next++;
    }
    const [first, last] = [taken[0], taken.at(-1)];
    if (first === undefined || last === undefined) continue;
    const edge = edgeOf(cell.align, first.left, last.right);
    cell.edge ??= edge;
    if (Math.abs(edge - cell.edge) > 1.5) return `column ${index + 1} stands ${(edge - cell.edge).toFixed(1)} pt aside`;
  }
  return next === line.pieces.length ? undefined : `"${line.pieces[next]?.text}" is not expected there`;
}

/** A name that wraps may have the same words as its neighbour; then the left edge tells whose they are. */
function keepsEdge(cell: CellReading, piece: Piece, pieces: readonly Piece[], at: number): boolean {
  if (cell.edge === undefined) return true;
  if (cell.align === 'left') return Math.abs(piece.left - cell.edge) <= 1.5;
  return cell.align === 'center' || pieces.slice(at).some(({ right }) => Math.abs(right - (cell.edge ?? 0)) <= 1.5);
}

/** What is left of a text when a piece of it has been read; undefined when it is no piece of it. */
function without({ rest, shaped }: CellReading, piece: string): string | undefined {
  const part = piece.normalize('NFD');
  if (part === '' || rest === '') return undefined;
  if (!shaped) return rest.startsWith(part) ? rest.slice(part.length) : undefined;
  let left = rest;
  for (const sign of part.replace(/[\u200b-\u200d]/g, '')) {
    if (!left.includes(sign)) return undefined;
    left = left.replace(sign, '');
  }
  return left;
}

const edgeOf = (align: CellReading['align'], left: number, right: number) =>
  align === 'left' ? left : align === 'right' ? right : (left + right) / 2;

/** A line's words, for a message. */
export const textOf = (line: Line | undefined) => line?.pieces.map(({ text }) => text).join(' ') ?? '';
