import type { Page } from 'playwright';
import { Fault, messageOf } from '#engine';
import type { Document } from '../compose/document.ts';
import type { SharedBrowser } from './browser.ts';
import { drawCharts } from './chart.ts';
import { demandGlyphs } from './fonts.ts';
import { pictureHeight, pictureMarkup, pictureWidth } from './picture.ts';
import { type PictureRows, pictureContent } from './picture-content.ts';
import { type SeenPage, verifyPicture } from './picture-verify.ts';
import { readPng, writePng } from './png-bytes.ts';
import { openFindings, type Renderer, type Verdict } from './renderer.ts';
import { shorterAndShorter } from './shorter.ts';

/** Device pixels for one CSS pixel: sharp on a phone. */
const scale = 2;
/** Messengers shrink what is larger. */
const mostBytes = 300 * 1024;

/**
 * A picture for phones: headline, tiles, what changed and the first rows, 1080 CSS pixels wide at twice the pixels. What the
 * browser holds when it takes the picture is compared with the document, figure by figure, in place and colour; of the picture
 * itself its size is checked, and that it is not blank.
 */
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

const chartSize = { width: pictureWidth - 80, height: 280, type: 34 };

const lessAndLess = [
  { table: 4, movers: 3 },
  { table: 3, movers: 2 },
  { table: 0, movers: 3 },
  { table: 0, movers: 2 },
  { table: 0, movers: 0 },
];

/** A page that is too tall, in CSS pixels: `height` of a table is with the space above it, `row` its tallest. */
interface TallPage {
  readonly height: number;
  readonly tables: readonly { readonly height: number; readonly row: number; readonly rows: number }[];
}

/** Takes the picture with as many rows as its height has room for; what surely has none is not tried. */
async function shotOf(document: Document, browser: SharedBrowser, signal: AbortSignal) {
  const charts = await drawCharts(document, chartSize);
  let tallest: TallPage | undefined;
  for (const rows of lessAndLess) {
    if (tallest && leastHeight(tallest, pictureContent(document, rows).tables) > pictureHeight) continue;
    const size = { width: pictureWidth, scale };
    const shot = await browser.withPage(pictureMarkup(document, rows, charts), size, photograph, signal);
    if (shot.kind === 'unavailable') return shot;
    if (shot.value.kind === 'tall') {
      tallest ??= shot.value.page;
      continue;
    }
    verifySeen(shot.value.seen, document, rows);
    return { kind: 'done' as const, value: shot.value.bytes };
  }
  throw new Fault('failed', `the picture would be taller than ${pictureHeight} pixels without any rows of its tables`);
}

/** How tall the page is at least with fewer rows in its tables, of which the last may be gone. */
function leastHeight({ height, tables }: TallPage, kept: readonly { readonly rows: readonly unknown[] }[]): number {
  return tables.reduce((left, table, at) => {
    const rows = kept[at]?.rows.length;
    return left - (rows === undefined ? table.height : (table.rows - rows) * table.row);
  }, height);
}

/** Pixels cannot be read back, but what they were made of can. Throws `Fault` failed where it is not what the document says. */
function verifySeen(seen: SeenPage, document: Document, rows: PictureRows): void {
  const findings = openFindings(document, 'png');
  verifyPicture(seen, document, rows, chartSize, findings);
  const verdict = findings.verdict();
  if (verdict.kind === 'wrong')
    throw new Fault('failed', 'the page of the picture does not say what the data says', {
      problems: verdict.problems,
    });
}

type Shot =
  | { readonly kind: 'taken'; readonly bytes: Uint8Array; readonly seen: SeenPage }
  | { readonly kind: 'tall'; readonly page: TallPage };

/** The picture and what the page said when it was taken. Throws `Fault` failed where a figure would be cut at the edge. */
async function photograph(page: Page): Promise<Shot> {
  const main = page.locator('main');
  const names = await page.locator('td.name, .cut').allTextContents();
  await page.evaluate(fitNames, names.map(shorterAndShorter));
  const cut = await main.evaluate((element) => element.scrollWidth > element.clientWidth);
  if (cut) throw new Fault('failed', `a figure is wider than the picture's ${pictureWidth} pixels`);
  const height = Math.ceil((await main.boundingBox())?.height ?? 0);
  if (height > pictureHeight) return { kind: 'tall', page: { height, tables: await page.evaluate(readTables) } };
  const clip = { x: 0, y: 0, width: pictureWidth, height };
  const bytes = await page.screenshot({ clip, fullPage: true, animations: 'disabled', caret: 'hide' });
  return { kind: 'taken', bytes, seen: await page.evaluate(readPage, clip) };
}

/** Runs in the page: what it says, where and in which colour. */
function readPage({ width, height }: { readonly width: number; readonly height: number }): SeenPage {
  const places = Array.from(document.querySelectorAll<HTMLElement>('main :is(h1, p, th, td)'), (place) => {
    const { left, top, right, bottom } = place.getBoundingClientRect();
    const { color, visibility, opacity } = getComputedStyle(place.querySelector('span[style]') ?? place);
    const seen = visibility === 'visible' && opacity === '1';
    const inside = seen && left >= 0 && top >= 0 && right <= width && bottom <= height && bottom > top;
    return { text: place.textContent ?? '', colour: color, inside };
  });
  const chart = Array.from(document.querySelectorAll('main > svg'), (svg) => svg.textContent ?? '').join(' ');
  return { places, chart };
}

/** Runs in the page: how tall its tables are. */
function readTables(): TallPage['tables'] {
  return Array.from(document.querySelectorAll('table'), (table) => {
    const rows = Array.from(table.rows).slice(1);
    const above = Number.parseFloat(getComputedStyle(table).marginTop);
    return {
      height: table.getBoundingClientRect().height + above,
      row: Math.max(0, ...rows.map((row) => row.getBoundingClientRect().height)),
      rows: rows.length,
    };
  });
}

/** Runs in the page: takes letters out of names that are too wide, the fewest with which each fits its place. */
function fitNames(lists: readonly (readonly string[])[]): void {
  for (const [at, place] of document.querySelectorAll<HTMLElement>('td.name, .cut').entries()) {
    for (const shorter of lists[at] ?? []) {
      if (place.scrollWidth <= place.clientWidth) break;
      place.textContent = shorter;
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
