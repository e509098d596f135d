/** A stretch of text on a page, in points from the left edge; its words without white space. */
export interface Piece {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** Pieces on one baseline, from left to right. `y` is measured from the top of the page. */
export interface Line {
  readonly page: number;
  readonly y: number;
  readonly pieces: readonly Piece[];
}

/** What a reader makes of a PDF. */
export interface ReadPdf {
  readonly pages: number;
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A piece with its baseline, in points from the foot of the page. */
export interface PlacedPiece extends Piece {
  readonly baseline: number;
}

/** Puts pieces on lines, from the top of a page down. */
export function linesOf(page: number, height: number, pieces: readonly PlacedPiece[]): readonly Line[] {
  const lines: { page: number; y: number; pieces: Piece[] }[] = [];
  for (const { baseline, text, left, right } of pieces.toSorted((a, b) => b.baseline - a.baseline)) {
    const y = height - baseline;
    const line = lines.at(-1);
    if (line !== undefined && y - line.y < sameBaseline) line.pieces.push({ text, left, right });
    else lines.push({ page, y, pieces: [{ text, left, right }] });
  }
  for (const line of lines) line.pieces.sort((a, b) => a.left - b.left);
  return lines;
}

/** Without white space and what glyphs read as that have no text of their own. */
export const bare = (text: string) => text.replace(/[\s\u200b]+/g, '');

/** Points: scripts side by side may sit a hair apart, lines are some ten apart. */
const sameBaseline = 1.5;
