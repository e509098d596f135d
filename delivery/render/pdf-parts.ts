import type { CanvasElement, ContentCanvas, ContentText } from 'pdfmake/interfaces.js';
import { showNumber } from '../compose/number.ts';
import { phrasesOf } from '../compose/phrases.ts';
import type { Tone } from '../compose/present.ts';
import { barsOf } from './bars.ts';
import { colours, toneColour } from './colours.ts';
import { runsOf } from './fonts.ts';

/** Three sizes of type, in points; and the one that letters are read in. */
export const size = { large: 22, medium: 12, letter: 9.5, small: 8.5 } as const;

/** Which page it is, in the document's language and digits. */
export function pageWords(page: number, pages: number, locale: string): string {
  const show = (number: number) => showNumber(String(number), { decimals: 0 }, locale);
  return phrasesOf(locale).page(show(page), show(pages));
}

/** Text in the fonts of its scripts. */
export function inRuns(text: string): ContentText['text'] {
  const runs = runsOf(text);
  if (runs.length === 0 || (runs.length === 1 && runs[0]?.family === 'Noto Sans')) return text;
  return runs.map(({ text: part, family }) => ({ text: part, font: family }));
}

/** The same for a text that stands within another: runs within runs would lose its style. */
export const styledRuns = (text: string, style: Pick<ContentText, 'fontSize' | 'bold' | 'color'>) =>
  runsOf(text).map(({ text: part, family }) => ({ text: part, font: family, ...style }));

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Long words with places to break at, between letters as people see them, so that none is pushed over the page's edge. */
export function breakable(text: string): string {
  return text.replace(/\S{25,}/g, (word) => {
    const letters = Array.from(segmenter.segment(word), ({ segment }) => segment);
    return letters.map((letter, at) => (at > 0 && at % 4 === 0 ? `\u200b${letter}` : letter)).join('');
  });
}

/** An arrow beside a line of type of a size: drawn, since no font of ours has one. */
export function arrow(tone: Tone, type: number): ContentCanvas {
  const [side, top] = [type * 0.62, type * 0.4];
  const [head, foot] = tone.direction === 'up' ? [top, top + side] : [top + side, top];
  return {
    canvas: [
      {
        type: 'polyline',
        closePath: true,
        color: toneColour(tone),
        lineWidth: 0,
        points: [
          { x: 0, y: foot },
          { x: side / 2, y: head },
          { x: side, y: foot },
        ],
      },
    ],
  };
}

/** The bars of the last days, in points. */
export function bars(points: readonly (string | null)[], width: number, height: number): CanvasElement[] {
  return barsOf(points, width, height).map((bar) => ({
    type: 'rect',
    x: bar.x,
    y: bar.y,
    w: bar.width,
    h: bar.height,
    color: bar.last ? colours.up : colours.line,
  }));
}
