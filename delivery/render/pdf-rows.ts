import type { Line, Piece } from './pdf-lines.ts';

/** What is still to be read of one row: for each cell the text not yet met and the edge it must keep to. */
export interface CellReading {
  rest: string;
  readonly align: 'left' | 'right' | 'center';
  /** Left edge, right edge or middle, as `align` says; unknown until the header has been read. */
  edge: number | undefined;
}

export type RowReading =
  | { readonly kind: 'read'; readonly next: number }
  | { readonly kind: 'different'; readonly found: string; readonly why: string };

/** Text for comparison: without white space, letters and marks put together the one way Unicode knows. */
export const comparable = (text: string) => text.normalize('NFC').replace(/[\s\u200b\ufeff]/g, '');

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
function without({ rest }: CellReading, piece: string): string | undefined {
  const part = comparable(piece);
  return part !== '' && rest.startsWith(part) ? rest.slice(part.length) : undefined;
}

const edgeOf = (align: CellReading['align'], left: number, right: number) =>
  align === 'left' ? left : align === 'right' ? right : (left + right) / 2;

/** A line's words, for a message. */
export const textOf = (line: Line | undefined) => line?.pieces.map(({ text }) => text).join(' ') ?? '';
