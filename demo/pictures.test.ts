import { expect, test } from 'vitest';
import { smaller, unlikeness } from './pictures.ts';

const page = (paint: (x: number, y: number) => number) => {
  const [width, height] = [240, 240];
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at++) rgb[at] = paint(Math.floor(at / 3) % width, Math.floor(at / 3 / width));
  return { width, height, rgb };
};
const white = page(() => 255);

test('a picture is as unlike as its squares are', () => {
  expect(unlikeness(white, white)).toBe(0);
  expect(
    unlikeness(
      white,
      page((_, y) => (y < 48 ? 0 : 255)),
    ),
  ).toBeCloseTo(0.2);
  expect(
    unlikeness(
      white,
      page((x, y) => (x === 5 && y === 5 ? 0 : 255)),
    ),
  ).toBe(0);
  expect(unlikeness(white, smaller(white, 2))).toBe(1);
});
