/**
 * A TrueType file, opened far enough to take glyphs out of it and to look at the ones that a PDF carries: OpenType 1.9,
 * tables head, hhea, hmtx, loca and glyf. All measures in thousandths of the type's size.
 */
export interface FontFile {
  readonly glyphs: number;
  readonly box: readonly [left: number, bottom: number, right: number, top: number];
  /** The outline of a glyph as it stands in the file; empty for one that draws nothing or is not there. */
  outline(glyph: number): Uint8Array;
  width(glyph: number): number;
  /** Where its outline begins, right of the place it is drawn at: readers push it there. */
  bearing(glyph: number): number;
  /** A table as it stands in the file; undefined where there is none. */
  table(name: string): Uint8Array | undefined;
}

/** Throws `Error` where the bytes are no TrueType file or lack a table that is needed. */
export function readFontFile(bytes: Uint8Array): FontFile {
  const tables = directoryOf(bytes);
  const need = (name: string) => {
    const table = tables.get(name);
    if (table === undefined) throw new Error(`the font has no table ${name}`);
    return viewOf(table);
  };
  const head = need('head');
  const [hmtx, loca, glyf] = [need('hmtx'), need('loca'), tables.get('glyf') ?? new Uint8Array()];
  const scale = 1000 / head.getUint16(18);
  const glyphs = need('maxp').getUint16(4);
  const metrics = need('hhea').getUint16(34);
  const long = head.getInt16(50) === 1;
  const offset = (at: number) => (long ? loca.getUint32(at * 4) : loca.getUint16(at * 2) * 2);
  return {
    glyphs,
    box: [36, 38, 40, 42].map((at) => head.getInt16(at) * scale) as [number, number, number, number],
    outline: (glyph) => (glyph < glyphs ? glyf.subarray(offset(glyph), offset(glyph + 1)) : new Uint8Array()),
    bearing: (glyph) => hmtx.getInt16(glyph < metrics ? glyph * 4 + 2 : metrics * 4 + (glyph - metrics) * 2) * scale,
    width: (glyph) => hmtx.getUint16(Math.min(glyph, metrics - 1) * 4) * scale,
    table: (name) => tables.get(name),
  };
}

function directoryOf(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = viewOf(bytes);
  if (bytes.length < 12 || view.getUint32(0) !== 0x00010000) throw new Error('this is no TrueType font');
  const tables = new Map<string, Uint8Array>();
  for (let at = 12; at < 12 + view.getUint16(4) * 16; at += 16) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const from = view.getUint32(at + 8);
    tables.set(name, bytes.subarray(from, from + view.getUint32(at + 12)));
  }
  return tables;
}

export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The glyphs that an outline is put together from; none for a simple one. */
export function componentsOf(outline: Uint8Array): readonly number[] {
  const view = viewOf(outline);
  if (outline.length < 10 || view.getInt16(0) >= 0) return [];
  const found: number[] = [];
  for (let at = 10, more = true; more; ) {
    const flags = view.getUint16(at);
    found.push(view.getUint16(at + 2));
    at += 4 + (flags & wordArguments ? 4 : 2) + (flags & oneScale ? 2 : flags & twoScales ? 4 : flags & matrix ? 8 : 0);
    more = (flags & moreComponents) !== 0;
  }
  return found;
}

// Flags of a composite glyph's component.
const [wordArguments, oneScale, moreComponents, twoScales, matrix] = [0x1, 0x8, 0x20, 0x40, 0x80];
