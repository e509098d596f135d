import pdfmake from 'pdfmake';
import type { Column, Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { Fault, messageOf } from '#engine';
import { type Block, type Chart, type Document, type Headline, letterheadOf, type Tile } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { changeOf, type Shown, showAlone } from '../compose/present.ts';
import { type DrawnCharts, drawCharts, paperChart } from './chart.ts';
import { colours, toneColour } from './colours.ts';
import { demandGlyphs, families, fontPath } from './fonts.ts';
import { pageTable } from './page-table.ts';
import { setTypeOurselves } from './pdf-fonts.ts';
import { letterheadContent, textContent } from './pdf-letter.ts';
import { arrow, bars, inRuns, pageWords, size, styledRuns } from './pdf-parts.ts';
import { tableContent, tableLayout } from './pdf-table.ts';
import { keepTails } from './pdf-table-tail.ts';
import { verifyPdf } from './pdf-verify.ts';
import type { Renderer } from './renderer.ts';

/** A4 pages, vectors and embedded fonts, header rows repeated, page x of y. Its only time is the document's. */
export function openPdf(): Renderer {
  const fonts = families.map((family) => [
    family,
    { normal: fontPath(family, 'regular'), bold: fontPath(family, 'semibold') },
  ]);
  const paths = new Set(families.flatMap((family) => [fontPath(family, 'regular'), fontPath(family, 'semibold')]));
  setTypeOurselves();
  keepTails();
  pdfmake.setFonts(Object.fromEntries(fonts));
  pdfmake.setTableLayouts({ report: tableLayout });
  // Nothing that data says may open a file or a connection.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => paths.has(path));
  const again = sample();
  return {
    async render(document, { signal }) {
      demandGlyphs(document, 'pdf');
      signal.throwIfAborted();
      const charts = await drawCharts(document, paperChart);
      const bytes = new Uint8Array(await drawn(definitionOf(document, charts)));
      return { kind: 'rendered', file: { bytes, mediaType: 'application/pdf', extension: 'pdf' } };
    },
    verify: (file, document) => verifyPdf(file.bytes, document, again(document)),
  };
}

/** One file in so many is read by a second reader, too, and the first of each report in each language. */
const everySo = 50;

/** Which files the second reader reads. */
function sample(): (document: Document) => boolean {
  const counts = new Map<string, number>();
  return ({ report, locale }) => {
    const kind = `${report} ${locale}`;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return count % everySo === 0;
  };
}

async function drawn(definition: TDocumentDefinitions): Promise<Uint8Array> {
  try {
    return await pdfmake.createPdf(definition).getBuffer();
  } catch (error) {
    throw new Fault('failed', `the PDF cannot be drawn: ${messageOf(error)}`, { cause: error });
  }
}

/** 14 mm all round; the foot is deeper, for the footer. */
const margin = 40;
const width = 595.28 - 2 * margin;

function definitionOf(document: Document, charts: DrawnCharts): TDocumentDefinitions {
  const madeAt = new Date(document.madeAt);
  return {
    pageSize: 'A4',
    displayTitle: true,
    ...lockOf(document),
    pageMargins: [margin, margin, margin, margin + 12],
    defaultStyle: { font: 'Noto Sans', fontSize: size.small, color: colours.ink, lineHeight: 1 },
    language: document.locale.split('-u-')[0] ?? 'en',
    info: {
      title: `${document.title}, ${document.subtitle}`,
      author: 'Tiffin',
      creator: 'Tiffin',
      producer: 'Tiffin',
      subject: document.slot,
      keywords: `run ${document.run}`,
      creationDate: madeAt,
      modDate: madeAt,
    },
    ...(document.test ? { header: mark } : {}),
    footer: (page, pages) => ({
      margin: [margin, 16, margin, 0],
      color: colours.quiet,
      columns: [
        { text: inRuns(document.footer), width: '*' },
        { text: inRuns(pageWords(page, pages, document.locale)), width: 'auto' },
      ],
    }),
    content: [
      ...(letterheadOf(document) ? [] : titleContent(document)),
      ...(document.headline ? [headlineContent(document.headline, document)] : []),
      ...document.blocks.map((block, at) => blockContent(block, document.blocks[at - 1], document, charts)),
      ...notesContent(document),
    ],
  };
}

/** AES-256; whoever has the password may do everything. */
function lockOf({ password }: Document): Partial<TDocumentDefinitions> {
  if (password === undefined) return {};
  const permissions = {
    printing: 'highResolution',
    modifying: true,
    copying: true,
    annotating: true,
    fillingForms: true,
    contentAccessibility: true,
    documentAssembly: true,
  } as const;
  return { version: '1.7ext3', userPassword: password, permissions };
}

const mark: Content = {
  text: 'TEST',
  bold: true,
  color: colours.down,
  alignment: 'right',
  margin: [margin, 16, margin, 0],
};

const titleContent = ({ title, subtitle }: Document): Content[] => [
  { text: inRuns(title), fontSize: size.large, bold: true },
  { text: inRuns(subtitle), fontSize: size.medium, color: colours.quiet, margin: [0, 0, 0, 16] },
];

function headlineContent({ title, figure, change, trend }: Headline, { locale }: Document): Content {
  const changed = change ? showAlone(change.figure, locale) : undefined;
  const line = changed ? [changeLine(changed, size.medium, change?.title ?? '')] : [];
  const left: Column = {
    width: '*',
    stack: [
      { text: inRuns(title), color: colours.quiet },
      { text: inRuns(showAlone(figure, locale).text), fontSize: size.large, bold: true },
      ...line,
    ],
  };
  if (trend === undefined) return { columns: [left], margin: [0, 0, 0, 16] };
  const right: Column = {
    width: 200,
    stack: [
      { canvas: bars(trend.points, 200, 40) },
      { text: inRuns(trend.title), color: colours.quiet, margin: [0, 4, 0, 0] },
    ],
  };
  return { columns: [left, right], columnGap: 16, margin: [0, 0, 0, 16] };
}

function blockContent(block: Block, before: Block | undefined, document: Document, charts: DrawnCharts): Content {
  const breaks = before?.kind === 'page_break' ? { pageBreak: 'before' as const } : {};
  switch (block.kind) {
    case 'kpis':
      return { columns: block.tiles.map((tile) => tileContent(tile, document)), columnGap: 16, ...breaks };
    case 'table':
      return {
        ...tableContent(pageTable(block.table, document), width, letterheadOf(document) !== undefined),
        ...breaks,
      };
    case 'text':
      return { ...textContent(block.paragraphs, letterheadOf(document) ? size.letter : size.small), ...breaks };
    case 'chart':
      return { ...chartContent(block.chart, charts.get(block.chart.name)), ...breaks };
    case 'letterhead':
      return letterheadContent(block.letterhead, document.title);
    case 'page_break':
      return { text: '', fontSize: 0, lineHeight: 0 };
  }
}

function chartContent({ title, unit }: Chart, svg: string | undefined): { unbreakable: true; stack: Content[] } {
  const words = unit === undefined ? [] : [{ text: inRuns(unit), color: colours.quiet }];
  return {
    unbreakable: true,
    stack: [
      {
        text: inRuns(title),
        fontSize: size.medium,
        bold: true,
        margin: [0, 16, 0, 0],
        outline: true,
        outlineText: title,
      },
      ...words,
      ...(svg === undefined ? [] : [{ svg }]),
    ],
  };
}

function tileContent(tile: Tile, { locale }: Document): Column {
  const { title, figure, of } = tile;
  const changed = changeOf(tile, locale);
  const whole = of ? phrasesOf(locale).of(showAlone(of, locale).text) : '';
  const more = of ? styledRuns(` ${whole}`, { fontSize: size.small, color: colours.quiet }) : [];
  return {
    width: '*',
    stack: [
      { text: inRuns(title), color: colours.quiet },
      {
        text: [...styledRuns(showAlone(figure, locale).text, { fontSize: size.medium, bold: true }), ...more],
        margin: [0, 2, 0, 2],
      },
      ...(changed ? [changeLine(changed.shown, size.small, changed.title)] : []),
    ],
  };
}

/** Arrow, figure and what it is against, on one line. */
function changeLine({ text, tone }: Shown, type: number, words: string): Content {
  const drawn = tone && tone.direction !== 'flat' ? [{ ...arrow(tone, type), width: type }] : [];
  const color = tone ? toneColour(tone) : colours.ink;
  // One text, so that a line that is too narrow breaks between words and never within the figure.
  const figure = styledRuns(text, { fontSize: type, bold: type > size.small, color });
  const against = words === '' ? [] : styledRuns(` ${words}`, { fontSize: type, color: colours.quiet });
  return { columns: [...drawn, { text: [...figure, ...against], width: '*' }], columnGap: 4 };
}

function notesContent({ notes, locale }: Document): Content[] {
  if (notes.length === 0) return [];
  const [first = '', ...others] = notes;
  const line = (note: string): Content => ({ text: inRuns(note), color: colours.quiet, margin: [0, 0, 0, 3] });
  const heading: Content = {
    text: inRuns(phrasesOf(locale).notes),
    fontSize: size.medium,
    bold: true,
    margin: [0, 20, 0, 6],
  };
  return [{ unbreakable: true, stack: [heading, line(first)] }, ...others.map(line)];
}
