import type { Content } from 'pdfmake/interfaces.js';
import type { Letterhead, Paragraph } from '../compose/document.ts';
import { colours } from './colours.ts';
import { runsOf } from './fonts.ts';
import { inRuns, size } from './pdf-parts.ts';

/** Who writes, a hairline, then the address where the window of an envelope is (DL: 20 mm from the left, 50 mm down). */
export function letterheadContent({ name, lines, address, reference, date }: Letterhead, title: string): Content {
  const right = [reference, date].filter((line) => line !== undefined);
  const line = (text: string): Content => ({ text: inRuns(text), fontSize: size.letter, margin: [0, 0, 0, 2] });
  const rule = {
    type: 'line',
    x1: 0,
    y1: 0,
    x2: 595.28 - 2 * 40,
    y2: 0,
    lineWidth: 0.7,
    lineColor: colours.ink,
  } as const;
  return {
    stack: [
      { text: inRuns(name), fontSize: size.large, bold: true },
      ...lines.map((text): Content => ({ text: inRuns(text), color: colours.quiet })),
      { canvas: [rule], margin: [0, 8, 0, 24] },
      {
        columns: [
          { width: '*', stack: address.map(line) },
          { width: 'auto', stack: right.map(line), alignment: 'right' },
        ],
        columnGap: 16,
        margin: [17, 0, 0, 24],
      },
      { text: inRuns(title), fontSize: size.medium, bold: true, margin: [0, 0, 0, 10] },
    ],
  };
}

/** Paragraphs of running text. A heading never stands at a page's foot without what follows it. */
export function textContent(paragraphs: readonly Paragraph[], type: number): { stack: Content[] } {
  const stack: Content[] = [];
  for (let at = 0; at < paragraphs.length; at++) {
    const [paragraph, next] = paragraphs.slice(at, at + 2);
    if (paragraph === undefined) break;
    if (paragraph.kind !== 'heading' || next === undefined) {
      stack.push(paragraphContent(paragraph, type));
      continue;
    }
    stack.push({ unbreakable: true, stack: [paragraphContent(paragraph, type), paragraphContent(next, type)] });
    at++;
  }
  return { stack };
}

function paragraphContent(paragraph: Paragraph, type: number): Content {
  const text = wordsOf(paragraph);
  switch (paragraph.kind) {
    case 'heading':
      return { text, fontSize: size.medium, bold: true, margin: [0, 12, 0, 4] };
    case 'paragraph':
      return { text, fontSize: type, margin: [0, 0, 0, 6], lineHeight: 1.15 };
    case 'item':
      return {
        columns: [
          { width: 8, canvas: [{ type: 'ellipse', x: 2, y: type * 0.72, r1: 1.3, r2: 1.3, color: colours.ink }] },
          { width: '*', text, fontSize: type, lineHeight: 1.15 },
        ],
        margin: [0, 0, 0, 4],
      };
  }
}

/** pdfmake hands no style down into a text within a text, so every run says itself that it is strong. */
function wordsOf({ text, spans }: Paragraph): ReturnType<typeof inRuns> {
  if (spans === undefined) return inRuns(text);
  return spans.flatMap(({ text: words, strong }) =>
    runsOf(words).map((run) => ({ text: run.text, font: run.family, bold: strong })),
  );
}
