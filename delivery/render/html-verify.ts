import { messageOf } from '#engine';
import { type Document, tablesOf } from '../compose/document.ts';
import { type Shown, showAlone, tileWords } from '../compose/present.ts';
import { chartFigures, screenChart } from './chart.ts';
import { toneShade } from './colours.ts';
import { type Element, elementsOf, readMarkup, wordsIn } from './markup-read.ts';
import { pageTable } from './page-table.ts';
import { type Findings, openFindings, type Verdict } from './renderer.ts';

/** Reads a page back: every figure, row and colour must be where the document has it. */
export function verifyHtml(markup: string, document: Document): Verdict {
  const findings = openFindings(document, 'html');
  let page: Element;
  try {
    page = readMarkup(markup);
  } catch (error) {
    findings.say('unreadable', messageOf(error));
    return findings.verdict();
  }
  verifyFigures(page, document, findings);
  const tables = elementsOf(page, ({ attributes }) => attributes['data-table'] !== undefined);
  const expected = tablesOf(document);
  if (tables.length !== expected.length)
    findings.say('missing-table', `has ${tables.length} tables, not ${expected.length}`);
  for (const [index, table] of expected.entries()) {
    const found = tables[index];
    if (found === undefined) continue;
    const words = pageTable(table, document);
    const head = words.columns.map(({ title, unit }) => ({ text: unit === undefined ? title : `${title} ${unit}` }));
    const rows = words.rows.length === 0 ? [[{ text: words.noRows }]] : words.rows;
    compareRows(
      table.name,
      [head, ...rows, ...words.totals],
      elementsOf(found, ({ tag }) => tag === 'tr'),
      findings,
    );
  }
  verifyCharts(page, document, findings);
  return findings.verdict();
}

/** Each chart is there with the figures that stand in it. */
function verifyCharts(page: Element, document: Document, findings: Findings): void {
  const drawn = elementsOf(page, ({ attributes }) => attributes['data-chart'] !== undefined);
  const charts = document.blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
  for (const [at, chart] of charts.entries()) {
    // A figure may be drawn in pieces, one for each font.
    const words = wordsIn(drawn[at] ?? page).replace(/\s/g, '');
    const missing = chartFigures(chart, screenChart).find((figure) => !words.includes(figure.replace(/\s/g, '')));
    if (drawn[at] === undefined || missing !== undefined)
      findings.say('wrong-chart', `chart ${chart.name} does not show ${missing ?? 'anything'}`);
  }
}

function compareRows(
  table: string,
  expected: readonly (readonly Shown[])[],
  rows: readonly Element[],
  findings: Findings,
): void {
  if (rows.length !== expected.length)
    findings.say('row-count', `table ${table} has ${rows.length} lines, not ${expected.length}`);
  for (const [at, cells] of expected.entries()) {
    const row = rows[at];
    if (row === undefined) return;
    const found = elementsOf(row, ({ tag }) => tag === 'td' || tag === 'th');
    if (found.length !== cells.length)
      findings.say('cell-count', `table ${table}, line ${at}: ${found.length} cells, not ${cells.length}`);
    for (const [column, { text, tone }] of cells.entries()) {
      const cell = found[column];
      if (cell === undefined) continue;
      const words = wordsIn(cell);
      if (words !== text.replace(/ +/g, ' '))
        findings.say('wrong-cell', `table ${table}, line ${at}, column ${column + 1}: "${words}", not "${text}"`);
      const colour = /color:(#\w+)/.exec(cell.attributes['style'] ?? '')?.[1];
      if (colour !== (tone && toneShade(tone)))
        findings.say(
          'wrong-colour',
          `table ${table}, line ${at}, column ${column + 1}: "${words}" is ${colour ?? 'plain'}`,
        );
    }
  }
}

function verifyFigures(page: Element, document: Document, findings: Findings): void {
  const { headline, locale } = document;
  const tiles = document.blocks.flatMap((block) => (block.kind === 'kpis' ? block.tiles : []));
  const expected: readonly (readonly [string, string])[] = [
    ...(headline ? [['headline', showAlone(headline.figure, locale).text] as const] : []),
    ...(headline?.change ? [['headline-change', showAlone(headline.change.figure, locale).text] as const] : []),
    ...tiles.map((tile) => ['tile', tileWords(tile, locale).join(' ')] as const),
  ];
  const found = elementsOf(page, ({ attributes }) => attributes['data-figure'] !== undefined).map(
    (element) => [element.attributes['data-figure'] ?? '', wordsIn(element)] as const,
  );
  for (const [at, [name, words]] of expected.entries()) {
    const [foundName, foundWords] = found[at] ?? ['nothing', ''];
    if (foundName !== name || foundWords !== words.replace(/ +/g, ' '))
      findings.say('wrong-figure', `${name}: "${foundWords}", not "${words}"`);
  }
}
