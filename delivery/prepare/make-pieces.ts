import type { Format } from '../report/schema.ts';
import type { Composed, PrintedFile } from './press.ts';

/** A part of a file that is too large, drawn. */
export interface PrintedPiece {
  readonly printed: PrintedFile;
  /** `part 2 of 3` */
  readonly part: string;
}

/**
 * Divides a file of `bytes` into as few parts as have at most `within` bytes each, for channels that carry no more. None
 * where that cannot be: a row alone is too large, or the format is not divided.
 */
export async function makePieces(
  composed: Composed,
  format: Format,
  { bytes, within }: { readonly bytes: number; readonly within: number },
  print: (piece: Composed) => Promise<PrintedFile>,
): Promise<readonly PrintedPiece[]> {
  for (let into = Math.ceil(bytes / within); ; ) {
    const pieces = composed.pieces(into, format);
    if (pieces.length < into) return [];
    const made: PrintedPiece[] = [];
    let largest = 0;
    for (const piece of pieces) {
      const printed = await print(piece.composed);
      largest = Math.max(largest, printed.bytes.byteLength);
      if (largest > within) break;
      made.push({ printed, part: piece.part });
    }
    if (largest <= within) return made;
    into = Math.max(into + 1, Math.ceil((into * largest) / within));
  }
}
