import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { compose } from '../delivery/compose/compose.ts';
import { madeUpDocument, madeUpFacts } from '../delivery/compose/made-up.ts';
import { openBrowser } from '../delivery/render/browser.ts';
import { runsOf } from '../delivery/render/fonts.ts';
import { openHtml } from '../delivery/render/html.ts';
import { crashingGujarati, hardDevanagari, hardGujarati } from '../delivery/render/made-up-scripts.ts';
import { openPdf } from '../delivery/render/pdf.ts';
import { readPdf } from '../delivery/render/pdf-read.ts';
import { comparable, textOf } from '../delivery/render/pdf-rows.ts';
import { fontFaces } from '../delivery/render/picture.ts';
import { type Pixels, readPng, writePng } from '../delivery/render/png-bytes.ts';
import { loadReports } from '../delivery/report/load.ts';
import { beside, cornerOf, picturesOf, unlikeness } from './pictures.ts';

/** What we set beside what Chromium sets, of the same words in the same fonts. `UPDATE_PICTURES=1` draws the pictures anew. */
const house = fileURLToPath(new URL('..', import.meta.url));
const browser = openBrowser();
afterAll(() => browser[Symbol.asyncDispose]());
const { signal } = new AbortController();
const chromium = existsSync(process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium');

async function shotOf(markup: string, width: number, scale: number): Promise<Pixels> {
  const shot = await browser.withPage(markup, { width, scale }, (page) => page.screenshot({ fullPage: true }), signal);
  if (shot.kind !== 'done') throw new Error(shot.reason);
  return readPng(shot.value);
}

function expectGolden(name: string, picture: Pixels): void {
  const path = join(house, 'docs', 'pictures', name);
  if (process.env['UPDATE_PICTURES'] === '1' || !existsSync(path)) {
    mkdirSync(join(house, 'docs', 'pictures'), { recursive: true });
    writeFileSync(path, writePng(picture));
  }
  expect(unlikeness(readPng(readFileSync(path)), picture), `${name}; UPDATE_PICTURES=1 draws it anew`).toBeLessThan(
    0.04,
  );
}

/** Words one below another: our page beside Chromium's, where each stands with its baseline at the same place. */
async function besideChromium(words: readonly string[]): Promise<Pixels> {
  const { headline: _, ...document } = await madeUpDocument({ stores: 1 });
  const paragraphs = words.map((text) => ({ kind: 'paragraph' as const, text }));
  const blocks = [{ kind: 'text' as const, paragraphs }];
  const rendered = await openPdf().render({ ...document, blocks, notes: [] }, { signal });
  if (rendered.kind !== 'rendered') throw new Error(rendered.reason);
  const { lines } = await readPdf(rendered.file.bytes);
  const places = lines.filter((line) => words.some((word) => comparable(word) === comparable(textOf(line))));
  expect(places).toHaveLength(words.length);
  const drawn = places.map(({ y, pieces }, at) => {
    const spans = runsOf(words[at] ?? '').map(({ text, family }) => `<tspan font-family="${family}">${text}</tspan>`);
    return `<text x="${pieces[0]?.left}" y="${y}">${spans.join('')}</text>`;
  });
  const page = `<style>${fontFaces(words.join(''))}body{margin:0}</style><svg width="595" height="842" font-size="8.5" fill="#111827">${drawn.join('')}</svg>`;
  const [ours] = (await picturesOf(rendered.file.bytes, scale)).map(readPng);
  const [first, last] = [places.at(0), places.at(-1)];
  if (ours === undefined || first === undefined || last === undefined) throw new Error('no page');
  const top = Math.floor(first.y - 14) * scale;
  const strip = ({ width, height, rgb }: Pixels) =>
    cornerOf(
      { width, height: height - top, rgb: rgb.subarray(top * width * 3) },
      120 * scale,
      Math.ceil(last.y + 10) * scale - top,
    );
  const [left, right] = [strip(ours), strip(await shotOf(page, 595, scale))];
  expect(unlikeness(left, right)).toBeLessThan(0.02);
  return beside(left, right);
}

/** Pixels for a point: small type shows its marks. */
const scale = 3;

test.skipIf(!chromium)('hard words of Devanagari and Gujarati are drawn as Chromium draws them', async () => {
  const single = (words: readonly string[]) => words.filter((word) => !word.includes(' '));
  const devanagari = await besideChromium(single(hardDevanagari));
  // Of the clusters that stop fontkit one of each kind; what a joiner keeps apart is alike with every letter.
  const gujarati = await besideChromium([...single(hardGujarati), ...crashingGujarati.slice(0, 22)]);
  expectGolden('scripts.png', beside(devanagari, gujarati));
});

const names = { hi: 'आशा त्रिपाठी', mr: 'ज्ञानेश्वर कुलकर्णी', gu: 'પ્રકૃતિ ત્રિવેદી' } as const;

test.skipIf(!chromium).each(['hi', 'mr', 'gu'] as const)(
  'a letter in %s, as a PDF and as Chromium shows it',
  async (locale) => {
    const { reports } = await loadReports(house);
    const report = reports.find(({ name }) => name === 'loan_letter');
    if (report === undefined) throw new Error('no letter');
    const fields = {
      loan_id: 'L1',
      locale,
      borrower: names[locale],
      borrower_latin: 'Asha',
      street: '',
      town: '',
      pincode: '411001',
      purpose: '',
      amount: '315000.00',
      annual_rate: '16.00',
      months: '3',
      sanctioned_on: '2021-12-21',
      first_due: '2022-01-31',
    };
    const document = compose(report, new Map(), { ...madeUpFacts, edition: { key: 'L1', locale, fields } });
    const [pdf, html] = [await openPdf().render(document, { signal }), await openHtml().render(document, { signal })];
    if (pdf.kind !== 'rendered' || html.kind !== 'rendered') throw new Error('not drawn');
    const markup = new TextDecoder().decode(html.file.bytes);
    const faces = `<style>${fontFaces(markup)}body{zoom:0.62}</style></head>`;
    const [page] = (await picturesOf(pdf.file.bytes, 1)).map(readPng);
    if (page === undefined) throw new Error('no page');
    const shown = await shotOf(markup.replace('</head>', faces), 595, 1);
    const height = Math.min(560, page.height);
    expectGolden(
      `letter-beside-chromium-${locale}.png`,
      beside(cornerOf(page, 595, height), cornerOf(shown, 595, height)),
    );
  },
);
