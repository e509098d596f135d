import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';
import { Fault, type Problem } from '#engine';
import { type Chart, type Document, type Letterhead, tablesOf } from '../compose/document.ts';
import { showAlone } from '../compose/present.ts';
import { pageTable } from './page-table.ts';

/** One design in three files: no single font has all scripts. */
export const families = ['Noto Sans', 'Noto Sans Devanagari', 'Noto Sans Gujarati'] as const;
export type Family = (typeof families)[number];

const require = createRequire(import.meta.url);
const packages: Readonly<Record<Family, string>> = {
  'Noto Sans': 'noto-sans',
  'Noto Sans Devanagari': 'noto-sans-devanagari',
  'Noto Sans Gujarati': 'noto-sans-gujarati',
};

/** The path of a font file of ours. Two weights: plain and for what matters. */
export function fontPath(family: Family, weight: 'regular' | 'semibold'): string {
  const style = weight === 'regular' ? '400Regular' : '600SemiBold';
  const file = `${family.replaceAll(' ', '')}_${style}.ttf`;
  return require.resolve(`@expo-google-fonts/${packages[family]}/${style}/${file}`);
}

/** A stretch of text in one font. */
export interface Run {
  readonly text: string;
  readonly family: Family;
}

// Signs that any script uses stay in the run they stand in: a joiner or a danda in a font of its own would break the word.
const neutral = /\s|\u200b|\u200c|\u200d|\u0964|\u0965/u;

/** A digit of Devanagari or Gujarati at the end: a figure keeps to one font, commas and all. */
const ownDigit = /[\u0966-\u096f\u0ae6-\u0aef]$/u;

/** Splits text by script, so that each stretch stands in the font that has it. */
export function runsOf(text: string): readonly Run[] {
  const runs: { text: string; family: Family }[] = [];
  for (const sign of text) {
    const last = runs.at(-1);
    const goesOn = last !== undefined && (neutral.test(sign) || (/[.,]/.test(sign) && ownDigit.test(last.text)));
    const family = goesOn ? last.family : familyOf(sign);
    if (last?.family === family) last.text += sign;
    else runs.push({ text: sign, family });
  }
  return runs;
}

function familyOf(sign: string): Family {
  if (/\p{Script=Devanagari}/u.test(sign)) return 'Noto Sans Devanagari';
  return /\p{Script=Gujarati}/u.test(sign) ? 'Noto Sans Gujarati' : 'Noto Sans';
}

const opened = new Map<Family, Font>();

function openFont(family: Family): Font {
  const font = opened.get(family) ?? openSync(fontPath(family, 'regular'));
  opened.set(family, font);
  return font;
}

/** A text in as few runs as can be: in one, where the font of its other script has its Latin signs, too. */
export function fewestRuns(text: string): readonly Run[] {
  const runs = runsOf(text);
  const [family, another] = new Set(runs.map((run) => run.family).filter((one) => one !== 'Noto Sans'));
  if (runs.length < 2 || family === undefined || another !== undefined) return runs;
  const font = openFont(family);
  const whole = [...text].every((sign) => font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0));
  return whole ? [{ text, family }] : runs;
}

/** The first sign of a text that its font cannot draw, or undefined. */
export function missingGlyph(text: string): string | undefined {
  for (const run of runsOf(text)) {
    const font = openFont(run.family);
    for (const sign of run.text)
      if (!/[\n\u200b]/.test(sign) && !font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0)) return sign;
  }
  return undefined;
}

/**
 * Throws `Fault` failed when a text of the document has a sign that none of our fonts draws: an empty box must never leave.
 * Names each sign and its place, up to twenty.
 */
export function demandGlyphs(document: Document, extension: string): void {
  const problems: Problem[] = [];
  const checked = new Set<string>();
  for (const [place, text] of textsOf(document)) {
    if (checked.has(text)) continue;
    checked.add(text);
    const sign = missingGlyph(text);
    if (sign === undefined) continue;
    const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `no font has "${sign}" (${code}), in ${place}: "${text}"`;
    problems.push({ file: `${document.report}.${extension}`, severity: 'error', code: 'missing-glyph', message });
    if (problems.length === 20) break;
  }
  const [first] = problems;
  if (first !== undefined) throw new Fault('failed', first.message, { problems });
}

/** Every text that is drawn, with where it stands. */
function* textsOf(document: Document): Generator<readonly [place: string, text: string]> {
  yield ['the title', document.title];
  yield ['the subtitle', document.subtitle];
  if (document.headline) {
    yield ['the headline', document.headline.title];
    yield ['the headline', showAlone(document.headline.figure, document.locale).text];
    yield ['the headline', document.headline.change?.title ?? ''];
  }
  for (const block of document.blocks) {
    if (block.kind === 'chart') yield* chartTexts(block.chart);
    if (block.kind === 'letterhead') for (const text of headTexts(block.letterhead)) yield ['the letterhead', text];
    if (block.kind === 'text') for (const { text } of block.paragraphs) yield ['a text', text];
    if (block.kind !== 'kpis') continue;
    for (const tile of block.tiles) {
      yield ['a tile', tile.title];
      yield [`tile ${tile.title}`, showAlone(tile.figure, document.locale).text];
    }
  }
  for (const table of tablesOf(document)) {
    const words = pageTable(table, document);
    yield ['a title', words.title];
    for (const { title, unit } of words.columns) {
      yield [`the header of ${words.title}`, title];
      yield [`the header of ${words.title}`, unit ?? ''];
    }
    for (const [row, cells] of [...words.rows, ...words.totals].entries())
      for (const [at, { text }] of cells.entries())
        yield [`table ${words.title}, row ${row + 1}, column ${words.columns[at]?.title}`, text];
  }
  for (const note of document.notes) yield ['a note', note];
  yield ['the footer', document.footer];
}

const headTexts = ({ name, lines, address, reference, date }: Letterhead) => [
  name,
  ...lines,
  ...address,
  reference ?? '',
  date ?? '',
];

function* chartTexts({ name, title, unit, points }: Chart): Iterable<readonly [string, string]> {
  yield ['a chart', title];
  yield ['a chart', unit ?? ''];
  for (const { label } of points) yield [`chart ${name}`, label];
}
