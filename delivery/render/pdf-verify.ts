import { messageOf } from '#engine';
import { type Document, letterheadOf } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { showAlone, tileWords } from '../compose/present.ts';
import { chartFigures, paperChart } from './chart.ts';
import { pageTable } from './page-table.ts';
import type { Line, ReadPdf } from './pdf-lines.ts';
import { pageWords } from './pdf-parts.ts';
import { proveType } from './pdf-proof.ts';
import { readPdf } from './pdf-read.ts';
import { comparable, textOf } from './pdf-rows.ts';
import { readPdfAgain } from './pdf-second-read.ts';
import { findTable, readTable } from './pdf-table-read.ts';
import { type Findings, openFindings, type Verdict } from './renderer.ts';

/**
 * Reads a PDF back by the places of its text: every table row by row, each figure under its header; header rows on every
 * page; headline, tiles and notes; page x of y. Each word must be drawn as its font shapes it: what is seen is what is read.
 * A document with a password must be locked with it. `again`: another reader, pdf.js, is to find the same.
 */
export async function verifyPdf(bytes: Uint8Array, document: Document, again: boolean): Promise<Verdict> {
  const findings = openFindings(document, 'pdf');
  try {
    const read = readPdf(bytes, document.password);
    proveType(read.shown, findings);
    verifyRead(read, document, findings);
    if (again) verifyRead(await readPdfAgain(bytes, document.password), document, findings);
  } catch (error) {
    findings.say('unreadable', messageOf(error));
  }
  return findings.verdict();
}

function verifyRead({ lines, pages }: ReadPdf, document: Document, findings: Findings): void {
  const body = withoutFurniture(lines, pages, document, findings);
  verifyFigures(body, document, findings);
  verifyTables(body, document, findings);
  verifyTexts(body, document, findings);
}

/** The lines between head and foot of each page; the foot must say which page it is. */
function withoutFurniture(lines: readonly Line[], pages: number, document: Document, findings: Findings): Line[] {
  const body: Line[] = [];
  for (let page = 1; page <= pages; page++) {
    const own = lines.filter((line) => line.page === page);
    const number = comparable(pageWords(page, pages, document.locale));
    const foot = own.findLastIndex(({ pieces }) =>
      comparable(pieces.map(({ text }) => text).join('')).endsWith(number),
    );
    const words = own
      .slice(foot)
      .map((line) => comparable(textOf(line)).replace(number, ''))
      .join('');
    if (foot < 0 || words !== comparable(document.footer)) findings.say('footer', `page ${page}: "${words}"`);
    const marked = document.test && comparable(textOf(own[0])) === 'TEST';
    if (document.test && !marked) findings.say('no-mark', `page ${page} is not marked TEST`);
    const rest = own.slice(marked ? 1 : 0, foot < 0 ? undefined : foot);
    if (rest.length === 0) findings.say('blank', `page ${page} is blank`);
    body.push(...rest);
  }
  return body;
}

function verifyTables(lines: readonly Line[], document: Document, findings: Findings): void {
  let at = 0;
  let mayStartLater = true;
  for (const block of document.blocks) {
    if (block.kind === 'page_break') continue;
    if (block.kind !== 'table') {
      mayStartLater = true;
      continue;
    }
    const table = pageTable(block.table, document);
    const found = findTable(lines, at, table);
    if (found < 0) {
      findings.say('missing-table', `there is no table ${table.title}`);
      return;
    }
    if (found > at && !mayStartLater)
      findings.say('extra-line', `"${textOf(lines[at])}" stands before table ${table.title}`);
    at = readTable(lines, found, table, findings);
    mayStartLater = false;
  }
  const next = document.notes.length > 0 ? comparable(phrasesOf(document.locale).notes) : undefined;
  const after = lines[at];
  if (!mayStartLater && after !== undefined && comparable(textOf(after)) !== next)
    findings.say('extra-line', `"${textOf(after)}" stands after the last table`);
}

/** Texts may wrap and go on over pages; their words must all be there, in order. */
function verifyTexts(lines: readonly Line[], document: Document, findings: Findings): void {
  const all = lines.map((line) => comparable(textOf(line))).join('');
  const paragraphs = document.blocks.flatMap((block) => (block.kind === 'text' ? block.paragraphs : []));
  const charts = document.blocks.flatMap((block) =>
    block.kind === 'chart' ? [block.chart.title, ...chartFigures(block.chart, paperChart)] : [],
  );
  const texts = [...headWords(document), ...charts, ...paragraphs.map(({ text }) => text), ...document.notes];
  for (const text of texts)
    if (!all.includes(comparable(text))) findings.say('missing-text', `"${text.slice(0, 80)}" cannot be read`);
}

/** What stands at the top: of a letter its head. Lines of two columns are read one by one. */
function headWords(document: Document): readonly string[] {
  const head = letterheadOf(document);
  if (head === undefined) return [document.title, document.subtitle];
  const { name, lines, address, reference, date } = head;
  return [name, ...lines, ...address, reference ?? '', date ?? '', document.title];
}

/** Headline and tiles: each column read downward from its title. */
function verifyFigures(lines: readonly Line[], document: Document, findings: Findings): void {
  const { headline, locale } = document;
  if (headline) {
    const words = [headline.title, showAlone(headline.figure, locale).text];
    if (headline.change) words.push(showAlone(headline.change.figure, locale).text);
    if (!hasColumns(lines, [words.map(comparable).join('')]))
      findings.say('wrong-figure', `headline: ${words.join(', ')} cannot be read`);
  }
  for (const block of document.blocks) {
    if (block.kind !== 'kpis') continue;
    const expected = block.tiles.map((tile) => tileWords(tile, locale).map(comparable).join(''));
    if (!hasColumns(lines, expected)) findings.say('wrong-figure', `tiles: ${expected.join(' | ')} cannot be read`);
  }
}

/** Whether somewhere columns begin side by side whose words, read downward, are these. */
function hasColumns(lines: readonly Line[], expected: readonly string[]): boolean {
  return lines.some((line, from) => {
    const lefts: number[] = [];
    for (const { text, left } of line.pieces) {
      const wanted = expected[lefts.length];
      if (wanted?.startsWith(comparable(text))) lefts.push(left);
    }
    if (lefts.length < expected.length) return false;
    const below = lines.slice(from, from + 12).filter(({ page }) => page === line.page);
    return expected.every((words, index) => {
      const [left = 0, right = expected.length === 1 ? left + 240 : Infinity] = lefts.slice(index, index + 2);
      const found = below
        .flatMap(({ pieces }) => pieces.filter((piece) => piece.left > left - 2 && piece.left < right - 2))
        .map(({ text }) => text)
        .join('');
      return comparable(found).startsWith(words);
    });
  });
}
