import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type Pixels, readPng, writePng } from '../delivery/render/png-bytes.ts';

/** What pdf.js draws on under Node; its types name it loosely. */
interface Canvases {
  create(
    width: number,
    height: number,
  ): {
    readonly canvas: { toBuffer(type: 'image/png'): Uint8Array };
    readonly context: CanvasRenderingContext2D;
  };
}

/** The pages of a PDF as PNG files; at `scale` 1 a point is a pixel. */
export async function picturesOf(pdf: Uint8Array, scale: number): Promise<readonly Uint8Array[]> {
  const task = getDocument({ data: new Uint8Array(pdf), useSystemFonts: false, verbosity: 0 });
  try {
    const document = await task.promise;
    const pictures: Uint8Array[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      const viewport = page.getViewport({ scale });
      const canvases = document.canvasFactory as Canvases;
      const { canvas, context } = canvases.create(Math.round(viewport.width), Math.round(viewport.height));
      await page.render({ canvas: null, canvasContext: context, viewport, background: '#FFFFFF' }).promise;
      pictures.push(writePng(readPng(canvas.toBuffer('image/png'))));
    }
    return pictures;
  } finally {
    await task.destroy();
  }
}

/** Two pictures side by side, as tall as the taller; what is left is white. */
export function beside(a: Pixels, b: Pixels): Pixels {
  const [width, height] = [a.width + b.width, Math.max(a.height, b.height)];
  const rgb = new Uint8Array(width * height * 3).fill(255);
  for (const [picture, left] of [[a, 0] as const, [b, a.width] as const])
    for (let row = 0; row < picture.height; row++) {
      const from = row * picture.width * 3;
      rgb.set(picture.rgb.subarray(from, from + picture.width * 3), (row * width + left) * 3);
    }
  return { width, height, rgb };
}

/** The part of a picture within its first columns and rows. */
export function cornerOf({ width, height, rgb }: Pixels, across: number, down: number): Pixels {
  const [wide, tall] = [Math.min(width, across), Math.min(height, down)];
  const part = new Uint8Array(wide * tall * 3);
  for (let row = 0; row < tall; row++)
    part.set(rgb.subarray(row * width * 3, (row * width + wide) * 3), row * wide * 3);
  return { width: wide, height: tall, rgb: part };
}

/** A picture at half its size, or less: each pixel the mean of a square. */
export function smaller({ width, height, rgb }: Pixels, by: number): Pixels {
  const [across, down] = [Math.floor(width / by), Math.floor(height / by)];
  const mean = new Uint8Array(across * down * 3);
  for (let to = 0; to < mean.length; to++) {
    const [colour, x, y] = [to % 3, Math.floor(to / 3) % across, Math.floor(to / 3 / across)];
    let sum = 0;
    for (let row = 0; row < by; row++)
      for (let column = 0; column < by; column++)
        sum += rgb[((y * by + row) * width + x * by + column) * 3 + colour] ?? 0;
    mean[to] = Math.round(sum / by / by);
  }
  return { width: across, height: down, rgb: mean };
}

/**
 * How unlike two pictures are, 0 to 1: the share of squares of 24 pixels whose mean lightness differs clearly. A footer's
 * time or another machine's rounding moves few of them, a table that is not there moves many. Other sizes: 1.
 */
export function unlikeness(a: Pixels, b: Pixels): number {
  if (Math.abs(a.width - b.width) > 2 || Math.abs(a.height - b.height) > 2) return 1;
  const [first, second] = [smaller(a, 24), smaller(b, 24)];
  let differing = 0;
  const squares = Math.min(first.rgb.length, second.rgb.length) / 3;
  for (let at = 0; at < squares; at++) if (Math.abs(lightness(first, at) - lightness(second, at)) > 10) differing++;
  return differing / squares;
}

const lightness = ({ rgb }: Pixels, at: number) =>
  ((rgb[at * 3] ?? 0) + (rgb[at * 3 + 1] ?? 0) + (rgb[at * 3 + 2] ?? 0)) / 3;
