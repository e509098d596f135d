import type { Page } from 'playwright';
import { Fault, messageOf } from '#engine';
import type { Document } from '../compose/document.ts';
import type { SharedBrowser } from './browser.ts';
import { drawCharts } from './chart.ts';
import { demandGlyphs } from './fonts.ts';
import { pictureHeight, pictureMarkup, pictureWidth } from './picture.ts';
import { readPng, writePng } from './png-bytes.ts';
import { openFindings, type Renderer, type Verdict } from './renderer.ts';

/** Device pixels for one CSS pixel: sharp on a phone. */
const scale = 2;
/** Messengers shrink what is larger. */
const mostBytes = 300 * 1024;

/** A picture for phones: headline, tiles, what changed and the first rows, 1080 CSS pixels wide at twice the pixels. */
export function openPng(browser: SharedBrowser): Renderer {
  return {
    async render(document, { signal }) {
      demandGlyphs(document, 'png');
      const shot = await shotOf(document, browser, signal);
      if (shot.kind === 'unavailable') return shot;
      const bytes = writePng(readPng(shot.value));
      return { kind: 'rendered', file: { bytes, mediaType: 'image/png', extension: 'png' } };
    },
    verify: async (file, document) => verifyPng(file.bytes, document),
  };
}

const lessAndLess = [
  { table: 4, movers: 3 },
  { table: 3, movers: 2 },
  { table: 0, movers: 3 },
  { table: 0, movers: 2 },
  { table: 0, movers: 0 },
];

/** Takes the picture with as many rows as its height has room for. */
async function shotOf(document: Document, browser: SharedBrowser, signal: AbortSignal) {
  const charts = await drawCharts(document, { width: pictureWidth - 80, height: 280, type: 34 });
  for (const rows of lessAndLess) {
    const size = { width: pictureWidth, scale };
    const shot = await browser.withPage(pictureMarkup(document, rows, charts), size, photograph, signal);
    if (shot.kind === 'unavailable') return shot;
    if (shot.value !== undefined) return { kind: 'done' as const, value: shot.value };
  }
  throw new Fault('failed', `the picture would be taller than ${pictureHeight} pixels without any rows of its tables`);
}

/** Undefined where the page is too tall. Throws `Fault` failed where a figure would be cut at the edge. */
async function photograph(page: Page): Promise<Uint8Array | undefined> {
  const main = page.locator('main');
  await page.evaluate(shortenNames);
  const cut = await main.evaluate((element) => element.scrollWidth > element.clientWidth);
  if (cut) throw new Fault('failed', `a figure is wider than the picture's ${pictureWidth} pixels`);
  const height = Math.ceil((await main.boundingBox())?.height ?? 0);
  if (height > pictureHeight) return undefined;
  const clip = { x: 0, y: 0, width: pictureWidth, height };
  return page.screenshot({ clip, fullPage: true, animations: 'disabled', caret: 'hide' });
}

/** Runs in the page: takes letters out of the middle of names that are too wide, until each fits its place. */
function shortenNames(): void {
  const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const place of document.querySelectorAll<HTMLElement>('td.name, .cut')) {
    const whole = Array.from(letters.segment(place.textContent ?? ''), ({ segment }) => segment);
    for (let kept = whole.length - 1; kept > 0 && place.scrollWidth > place.clientWidth; kept--) {
      // More of the end than of the beginning: that is where a chain's shops differ.
      const head = Math.floor(kept * 0.4);
      const [start, end] = [whole.slice(0, head).join(''), whole.slice(whole.length - (kept - head)).join('')];
      place.textContent = `${start.trimEnd()}\u2026${end.trimStart()}`;
    }
  }
}

/** Decodes a picture: it must be whole, as wide as asked, no taller than allowed, small enough, and not blank. */
function verifyPng(bytes: Uint8Array, document: Document): Verdict {
  const findings = openFindings(document, 'png');
  if (bytes.length > mostBytes) findings.say('too-large', `${bytes.length} bytes; ${mostBytes} is the most`);
  try {
    const { width, height, rgb } = readPng(bytes);
    if (width !== pictureWidth * scale || height > pictureHeight * scale)
      findings.say('wrong-size', `${width} x ${height} pixels`);
    if (inkOf(rgb) < 0.01) findings.say('blank', 'the picture is blank');
  } catch (error) {
    findings.say('unreadable', messageOf(error));
  }
  return findings.verdict();
}

/** The share of pixels that are darker than paper and tints. */
function inkOf(rgb: Uint8Array): number {
  let dark = 0;
  for (let at = 0; at < rgb.length; at += 3)
    if ((rgb[at] ?? 255) + (rgb[at + 1] ?? 255) + (rgb[at + 2] ?? 255) < 500) dark++;
  return dark / (rgb.length / 3);
}
