import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture as pixels: three bytes each, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Reads a PNG of eight bits a sample, without interlace: true colour or palette, alpha left out. Throws `RangeError` for others. */
export function readPng(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!signature.every((byte, at) => bytes[at] === byte)) throw new RangeError('not a PNG');
  let [width, height, kind] = [0, 0, 0];
  let palette = new Uint8Array();
  const data: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw new RangeError(`the PNG is damaged in ${name}`);
    if (name === 'IHDR') {
      [width, height, kind] = [view.getUint32(at + 8), view.getUint32(at + 12), content[9] ?? 0];
      if (content[8] !== 8 || content[12] !== 0) throw new RangeError('a PNG of another kind');
    }
    if (name === 'PLTE') palette = new Uint8Array(content);
    if (name === 'IDAT') data.push(content);
    at += 12 + length;
  }
  const samples = { 2: 3, 3: 1, 6: 4 }[kind];
  if (samples === undefined) throw new RangeError('a PNG of another kind');
  const rows = unfilter(inflateSync(Buffer.concat(data)), width * samples, height, samples);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = samples === 1 ? (rows[pixel] ?? 0) * 3 : pixel * samples;
    rgb.set((samples === 1 ? palette : rows).subarray(from, from + 3), pixel * 3);
  }
  return { width, height, rgb };
}

/** Undoes the filters of the PNG specification, part 9. */
function unfilter(raw: Uint8Array, stride: number, height: number, step: number): Uint8Array {
  if (raw.length < (stride + 1) * height) throw new RangeError('the PNG ends too soon');
  const rows = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)];
    const [from, to] = [row * (stride + 1) + 1, row * stride];
    for (let at = 0; at < stride; at++) {
      const left = at >= step ? (rows[to + at - step] ?? 0) : 0;
      const up = row > 0 ? (rows[to + at - stride] ?? 0) : 0;
      const corner = at >= step && row > 0 ? (rows[to + at - stride - step] ?? 0) : 0;
      rows[to + at] = (raw[from + at] ?? 0) + guessOf(filter, left, up, corner);
    }
  }
  return rows;
}

function guessOf(filter: number | undefined, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      return 0;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const a = Math.abs(estimate - left);
  const b = Math.abs(estimate - up);
  const c = Math.abs(estimate - corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/**
 * Writes pixels with a palette of at most 256 colours: a third of the bytes of true colour for flat pictures with text.
 * Where there are more colours, those used most stay exact (grounds, words), the rest (soft edges) take the nearest of them.
 */
export function writePng({ width, height, rgb }: Pixels): Uint8Array {
  const { palette, indexes } = indexed(rgb);
  const raw = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row++)
    raw.set(indexes.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8);
  const chunks = [chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', deflateSync(raw, { level: 9 }))];
  return new Uint8Array(Buffer.concat([signature, ...chunks, chunk('IEND', new Uint8Array())]));
}

function indexed(rgb: Uint8Array): { palette: Uint8Array; indexes: Uint8Array } {
  const pixels = rgb.length / 3;
  const colours = new Uint32Array(pixels);
  const counts = new Map<number, number>();
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3)
    colours[pixel] = ((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0);
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byUse = [...counts].sort(([a, often], [b, other]) => other - often || a - b).map(([colour]) => colour);
  const kept = byUse.slice(0, 256);
  const places = new Map(byUse.map((colour, at) => [colour, at < 256 ? at : nearestOf(kept, colour)]));
  const indexes = new Uint8Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) indexes[pixel] = places.get(colours[pixel] ?? 0) ?? 0;
  return { palette: Uint8Array.from(kept.flatMap((colour) => channelsOf(colour))), indexes };
}

const channelsOf = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const;

function nearestOf(kept: readonly number[], colour: number): number {
  const [red, green, blue] = channelsOf(colour);
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [at, other] of kept.entries()) {
    const [r, g, b] = channelsOf(other);
    const apart = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (apart < least) [best, least] = [at, apart];
  }
  return best;
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}
