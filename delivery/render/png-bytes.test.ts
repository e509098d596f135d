import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Pixels, readPng, writePng } from './png-bytes.ts';

function picture(width: number, height: number, colourAt: (x: number, y: number) => readonly number[]): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(colourAt(x, y), (y * width + x) * 3);
  return { width, height, rgb };
}

test('up to 256 colours come back exactly', () => {
  const pixels = picture(23, 11, (x, y) => [x * 11, y * 23, x === y ? 255 : 0]);
  expect(readPng(writePng(pixels))).toEqual(pixels);
  const white = picture(3, 2, () => [255, 255, 255]);
  expect(readPng(writePng(white))).toEqual(white);
});

test('of more colours those used most stay exact, the others move little', () => {
  const pixels = picture(64, 64, (x, y) => (y < 32 ? [31, 95, 168] : [x * 4, y * 4, x + y]));
  const back = readPng(writePng(pixels));
  expect([...back.rgb.subarray(0, 3)]).toEqual([31, 95, 168]);
  const apart = (at: number) =>
    Math.hypot(...[0, 1, 2].map((k) => (back.rgb[at + k] ?? 0) - (pixels.rgb[at + k] ?? 0)));
  for (let at = 0; at < back.rgb.length; at += 3) expect(apart(at)).toBeLessThan(42.6 * Math.sqrt(3));
});

test('every filter of a true-colour picture is undone', () => {
  const [width, height] = [2, 5];
  const rows = [
    [0, 10, 20, 30, 40, 50, 60],
    [1, 10, 20, 30, 30, 30, 30],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 5, 10, 15, 15, 15, 15],
    [4, 0, 0, 0, 0, 0, 0],
  ];
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, 2], 8);
  const whole = writePng(picture(1, 1, () => [0, 0, 0]));
  const { width: w, rgb } = readPng(rebuilt(whole, header, deflateSync(Uint8Array.from(rows.flat()))));
  expect(w).toBe(2);
  const lines = Array.from({ length: height }, (_, y) => [...rgb.subarray(y * 6, y * 6 + 6)]);
  expect(lines).toEqual([
    [10, 20, 30, 40, 50, 60],
    [10, 20, 30, 40, 50, 60],
    [10, 20, 30, 40, 50, 60],
    [10, 20, 30, 40, 50, 60],
    [10, 20, 30, 40, 50, 60],
  ]);
});

test('damage is noticed', () => {
  const bytes = writePng(picture(4, 4, (x) => [x, x, x]));
  bytes[45] = (bytes[45] ?? 0) ^ 1;
  expect(() => readPng(bytes)).toThrow(/damaged/);
  expect(() => readPng(new Uint8Array(50))).toThrow(/not a PNG/);
});

/** A PNG with another header and other data. */
function rebuilt(whole: Uint8Array, header: Uint8Array, data: Uint8Array): Uint8Array {
  const chunk = (name: string, content: Uint8Array) => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(name), content, Buffer.alloc(4)]);
    bytes.writeUInt32BE(content.length, 0);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  return new Uint8Array(
    Buffer.concat([whole.subarray(0, 8), chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]),
  );
}
