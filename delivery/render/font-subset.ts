import { componentsOf, type FontFile, viewOf } from './font-file.ts';

/**
 * A font file with the glyphs asked for and those they are put together from. Glyphs keep their numbers and their bytes, so
 * that what a PDF draws can be held against the font it was taken from; the places of the others are empty.
 */
export function subsetOf(font: FontFile, asked: Iterable<number>): Uint8Array {
  const glyphs = withComponents(font, asked);
  const scale = 1000 / viewOf(font.table('head') ?? zeros).getUint16(18);
  const count = (glyphs.at(-1) ?? 0) + 1;
  const loca = Buffer.alloc((count + 1) * 4);
  const hmtx = Buffer.alloc(count * 4);
  const outlines: Uint8Array[] = [];
  let end = 0;
  let written = 0;
  for (const glyph of glyphs) {
    const outline = font.outline(glyph);
    loca.fill(numberBytes(end), written * 4, (glyph + 1) * 4);
    written = glyph + 1;
    outlines.push(outline, zeros.subarray(0, -outline.length & 3));
    end += (outline.length + 3) & ~3;
    hmtx.writeUInt16BE(font.width(glyph) / scale, glyph * 4);
    hmtx.writeInt16BE(font.bearing(glyph) / scale, glyph * 4 + 2);
  }
  loca.writeUInt32BE(end, count * 4);
  return fileOf({
    glyf: Buffer.concat(outlines),
    head: edited(font, 'head', (view) => {
      view.setUint32(8, 0);
      view.setInt16(50, 1);
    }),
    hhea: edited(font, 'hhea', (view) => view.setUint16(34, count)),
    hmtx,
    loca,
    maxp: edited(font, 'maxp', (view) => view.setUint16(4, count)),
    prep: font.table('prep') ?? new Uint8Array(),
  });
}

const zeros = new Uint8Array(4);

function numberBytes(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

function withComponents(font: FontFile, asked: Iterable<number>): readonly number[] {
  const all = new Set([0, ...asked]);
  for (const glyph of all) for (const part of componentsOf(font.outline(glyph))) all.add(part);
  return [...all].sort((a, b) => a - b);
}

function edited(font: FontFile, name: string, edit: (view: DataView) => void): Uint8Array {
  const table = Uint8Array.from(font.table(name) ?? []);
  edit(viewOf(table));
  return table;
}

/** Tables put together, in the order of their names, each with its checksum. */
function fileOf(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables);
  const power = 2 ** Math.floor(Math.log2(entries.length));
  const header = Buffer.alloc(12 + entries.length * 16);
  header.writeUInt32BE(0x00010000, 0);
  header.writeUInt16BE(entries.length, 4);
  header.writeUInt16BE(power * 16, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((entries.length - power) * 16, 10);
  const parts: Uint8Array[] = [header];
  let from = header.length;
  for (const [at, [name, table]] of entries.entries()) {
    const entry = 12 + at * 16;
    header.write(name, entry, 'latin1');
    header.writeUInt32BE(checksumOf(table), entry + 4);
    header.writeUInt32BE(from, entry + 8);
    header.writeUInt32BE(table.length, entry + 12);
    parts.push(table, zeros.subarray(0, -table.length & 3));
    from += (table.length + 3) & ~3;
  }
  return Buffer.concat(parts);
}

/** The sum of a table's 32-bit words, the last one filled up with zeros. */
function checksumOf(table: Uint8Array): number {
  const view = viewOf(table);
  let sum = 0;
  const whole = table.length & ~3;
  for (let at = 0; at < whole; at += 4) sum = (sum + view.getUint32(at)) | 0;
  for (let at = whole; at < table.length; at++) sum = (sum + (table[at] ?? 0) * 2 ** (24 - 8 * (at & 3))) | 0;
  return sum >>> 0;
}
