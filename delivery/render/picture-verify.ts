import type { Document } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { changeOf, type Shown, showAlone } from '../compose/present.ts';
import { type ChartSize, chartFigures } from './chart.ts';
import { toneColour, toneShade } from './colours.ts';
import { type PictureRows, pictureContent } from './picture-content.ts';
import type { Findings } from './renderer.ts';
import { shorterAndShorter } from './shorter.ts';

/** What the browser holds of a picture's page at the moment when the picture is taken. */
export interface SeenPage {
  /** Titles, lines and cells in page order: their words, the colour of their figure, and whether all of them is in the picture. */
  readonly places: readonly { readonly text: string; readonly colour: string; readonly inside: boolean }[];
  /** The words of its chart. */
  readonly chart: string;
}

interface Wanted {
  readonly text: string;
  readonly colour?: string;
  /** A name, which may be cut. */
  readonly name?: true;
}

/** Compares a page with the document: every title, figure and cell in its place, in its colour, within the picture. */
export function verifyPicture(
  seen: SeenPage,
  document: Document,
  rows: PictureRows,
  size: ChartSize,
  findings: Findings,
): void {
  const wanted = wordsOf(document, rows);
  if (seen.places.length !== wanted.length)
    findings.say('row-count', `the picture has ${seen.places.length} places, not ${wanted.length}`);
  for (const [at, { text, colour, name }] of wanted.entries()) {
    const place = seen.places[at];
    if (place === undefined) return;
    const where = `place ${at + 1} of the picture`;
    if (!(name ? [text, ...shorterAndShorter(text)] : [text]).some((one) => bare(one) === bare(place.text)))
      findings.say('wrong-cell', `${where}: "${place.text}", not "${text}"`);
    if (colour !== undefined && place.colour !== rgbOf(colour))
      findings.say('wrong-colour', `${where}: "${place.text}" is ${place.colour}`);
    if (!place.inside) findings.say('outside', `${where}: "${place.text}" is not all in the picture`);
  }
  const { chart } = pictureContent(document, rows);
  const missing = chart && chartFigures(chart, size).find((figure) => !bare(seen.chart).includes(bare(figure)));
  if (missing !== undefined) findings.say('wrong-chart', `the picture's chart does not show ${missing}`);
}

/** White space is the browser's: what stands beside and what below differs with the width. */
const bare = (text: string) => text.replace(/\s/g, '');

/** `#1F5FA8` as a browser says it. */
const rgbOf = (colour: string) =>
  `rgb(${[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)).join(', ')})`;

function wordsOf(document: Document, rows: PictureRows): readonly Wanted[] {
  const { headline, locale } = document;
  const { tiles, chart, tables } = pictureContent(document, rows);
  const alone = (shown: Shown | undefined) => (shown?.tone ? { colour: toneColour(shown.tone) } : {});
  const change = headline?.change && showAlone(headline.change.figure, locale);
  return [
    ...(document.test ? [{ text: 'TEST' }] : []),
    { text: document.title },
    { text: document.subtitle, name: true },
    ...(headline ? [{ text: headline.title }, { text: showAlone(headline.figure, locale).text }] : []),
    ...(change ? [{ text: `${change.text} ${headline?.change?.title}`, ...alone(change) }] : []),
    ...(headline?.trend ? [{ text: headline.trend.title }] : []),
    ...tiles.flatMap((tile): Wanted[] => {
      const figure = showAlone(tile.figure, locale).text;
      const of = tile.of ? phrasesOf(locale).of(showAlone(tile.of, locale).text) : '';
      const shown = changeOf(tile, locale)?.shown;
      const more = { text: `${of}${shown?.text ?? ''}`, ...alone(shown) };
      const title: Wanted = { text: tile.title, name: true };
      return tile.figure.rule.kind === 'text'
        ? [title, { text: figure }, more]
        : [title, { ...more, text: `${figure}${more.text}` }];
    }),
    ...(chart ? [{ text: chart.title }] : []),
    ...tables.flatMap(({ title, heads, rows: lines }): Wanted[] => [
      ...heads.map(({ text, name }): Wanted => (name ? { text: title, name: true } : { text })),
      ...lines.flatMap((line) =>
        line.map(({ text, tone }, at): Wanted => {
          const colour = tone ? { colour: toneShade(tone) } : {};
          return heads[at]?.name ? { text, name: true, ...colour } : { text, ...colour };
        }),
      ),
    ]),
    { text: phrasesOf(locale).moreInReport },
  ];
}
