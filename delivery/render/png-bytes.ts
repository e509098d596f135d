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
  const source = samples === 1 ? palette : rows;
  for (let pixel = 0, to = 0; to < rgb.length; pixel++, to += 3) {
    const from = samples === 1 ? (rows[pixel] as number) * 3 : pixel * samples;
    rgb[to] = source[from] ?? 0;
    rgb[to + 1] = source[from + 1] ?? 0;
    rgb[to + 2] = source[from + 2] ?? 0;
  }
  return { width, height, rgb };
}

/** Undoes the filters of the PNG specification, part 9. */
function unfilter(raw: Uint8Array, stride: number, height: number, step: number): Uint8Array {
  if (raw.length < (stride + 1) * height) throw new RangeError('the PNG ends too soon');
  const rows = new Uint8Array(stride * height);
  const above = new Uint8Array(stride);
  for (let row = 0; row < height; row++) {
    const from = row * (stride + 1);
    const own = rows.subarray(row * stride, (row + 1) * stride);
    own.set(raw.subarray(from + 1, from + 1 + stride));
    if (raw[from] !== 0) addGuesses(raw[from], own, row === 0 ? above : rows.subarray((row - 1) * stride), step);
  }
  return rows;
}

function addGuesses(filter: number | undefined, own: Uint8Array, above: Uint8Array, step: number): void {
  for (let at = 0; at < own.length; at++) {
    const left = at < step ? 0 : (own[at - step] as number);
    const up = above[at] as number;
    const corner = at < step ? 0 : (above[at - step] as number);
    own[at] = (own[at] as number) + guessOf(filter, left, up, corner);
  }
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
  const colours = new Uint32Array(rgb.length / 3);
  for (let pixel = 0, at = 0; at < rgb.length; pixel++, at += 3)
    colours[pixel] = ((rgb[at] as number) << 16) | ((rgb[at + 1] as number) << 8) | (rgb[at + 2] as number);
  const counts = countsOf(colours);
  const byUse = [...counts].sort(([a, often], [b, other]) => other - often || a - b).map(([colour]) => colour);
  const exact = byUse.slice(0, byUse.length <= 256 ? 256 : 256 - cube.length);
  const kept = byUse.length <= 256 ? exact : [...exact, ...cube];
  const places = new Map(byUse.map((colour, at) => [colour, at < exact.length ? at : nearestOf(kept, colour)]));
  const indexes = new Uint8Array(colours.length);
  let [before, place] = [-1, 0];
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const colour = colours[pixel] as number;
    if (colour !== before) [before, place] = [colour, places.get(colour) ?? 0];
    indexes[pixel] = place;
  }
  return { palette: Uint8Array.from(kept.flatMap((colour) => channelsOf(colour))), indexes };
}

/** How many pixels each colour has; counted by runs, since neighbours are mostly alike. */
function countsOf(colours: Uint32Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < colours.length; ) {
    const colour = colours[at] as number;
    let end = at + 1;
    while (colours[end] === colour) end++;
    counts.set(colour, (counts.get(colour) ?? 0) + end - at);
    at = end;
  }
  return counts;
}

/** 64 colours evenly apart: whatever else is kept, none is far from one of them. */
const cube = Array.from(
  { length: 64 },
  (_, at) => (((at >> 4) * 85) << 16) | ((((at >> 2) & 3) * 85) << 8) | ((at & 3) * 85),
);

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
