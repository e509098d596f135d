import { readFileSync } from 'node:fs';
import {
  type Chart,
  type Document,
  type Headline,
  shownColumns,
  type Table,
  type Tile,
  tablesOf,
} from '../compose/document.ts';
import { type Shown, showAlone } from '../compose/present.ts';
import type { DrawnCharts } from './chart.ts';
import { colours } from './colours.ts';
import { type Family, families, fontPath, runsOf } from './fonts.ts';
import { drawnArrow, drawnBars, escapeMarkup, toneAttributes, toned } from './markup.ts';
import { pageTable } from './page-table.ts';

/** Width of a picture in CSS pixels, and how tall it may grow. */
export const pictureWidth = 1080;
export const pictureHeight = 1600;

/** Type that can still be read when a phone shows the picture 400 pixels wide. */
const size = { large: 104, medium: 56, small: 40 } as const;

/** The fonts a text needs, as data: the picture is the same on every machine and opens no file while it is drawn. */
function fontFaces(text: string): string {
  const used = new Set(runsOf(text).map(({ family }) => family));
  const faces = [...used].flatMap((family) => [fontFace(family, 'regular', 400), fontFace(family, 'semibold', 600)]);
  return faces.join('');
}

function fontFace(family: Family, weight: 'regular' | 'semibold', number: number): string {
  const data = readFileSync(fontPath(family, weight)).toString('base64');
  return `@font-face{font-family:"${family}";font-weight:${number};src:url(data:font/ttf;base64,${data})}`;
}

const style = `
*{box-sizing:border-box}
body{margin:0;width:${pictureWidth}px;background:${colours.paper};color:${colours.ink};font:400 ${size.small}px/1.25 ${families.map((family) => `"${family}"`).join(',')};font-variant-numeric:tabular-nums}
main{padding:40px}
h1{font-size:${size.medium}px;line-height:1.35;font-weight:600;margin:0}
p{margin:0}
.quiet{color:${colours.quiet}}
.large{font-size:${size.large}px;line-height:1.15;font-weight:600}
.bold{font-weight:600}
.side{display:flex;justify-content:space-between;align-items:flex-end;gap:32px;margin-top:20px}
.side>:first-child{flex:none;max-width:100%}
.side>:last-child{min-width:0}
.side svg{max-width:100%}
.tiles{display:grid;grid-template-columns:1fr 1fr;gap:20px 40px;margin-top:24px}
.tiles>div{min-width:0}
.pair{display:flex;gap:0 14px}
.wraps{flex-wrap:wrap}
.whole{flex:none;white-space:nowrap}
.cut{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
table{border-collapse:collapse;width:100%;margin-top:28px}
th{padding:0 8px 6px;font-weight:600;white-space:nowrap}
.name{width:100%;max-width:0;overflow:hidden;text-overflow:ellipsis}
.number{min-width:190px}
th:first-child{padding-left:0}
th.quiet{font-weight:400}
td{padding:4px 8px;white-space:nowrap}
td:first-child{padding-left:0}
tr.group td{border-top:2px solid ${colours.line}}
svg{vertical-align:baseline}
`.replaceAll('\n', '');

/**
 * The page a picture is taken of: the news, readable on a phone, and the first `rows` of the first table; the rest stands
 * in the full report.
 */
export function pictureMarkup(document: Document, rows: number, charts: DrawnCharts = new Map()): string {
  const { headline, blocks, locale } = document;
  const tiles = blocks.flatMap((block) => (block.kind === 'kpis' ? block.tiles : [])).slice(0, 4);
  const tables = tablesOf(document);
  const movers = tables.find(({ role }) => role === 'movers');
  const first = tables.find(({ role }) => role === 'data');
  const chart = blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []))[0];
  const body = `${document.test ? `<p class="bold" style="color:${colours.down}">TEST</p>` : ''}<h1 class="cut">${escapeMarkup(document.title)}</h1><p class="quiet cut">${escapeMarkup(document.subtitle)}</p>
${headline ? headlineMarkup(headline, locale) : ''}<div class="tiles">${tiles.map((tile) => tileMarkup(tile, locale)).join('')}</div>
${chart ? chartMarkup(chart, charts.get(chart.name)) : ''}${movers ? tableMarkup(few(movers, rows > 2 ? 3 : 2), document) : ''}${first && rows > 0 ? tableMarkup(few(first, rows), document) : ''}<p class="quiet" style="margin-top:24px">The full report is attached.</p>`;
  const language = escapeMarkup(locale.split('-u-')[0] ?? 'en');
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><style>${fontFaces(body)}${style}</style></head><body><main>
${body}
</main></body></html>`;
}

const chartMarkup = ({ title }: Chart, svg: string | undefined) =>
  svg === undefined ? '' : `<p class="bold" style="margin-top:24px">${escapeMarkup(title)}</p>${svg}`;

function headlineMarkup({ title, figure, change, trend }: Headline, locale: string): string {
  const arrow = (tone: Shown['tone']) => drawnArrow(tone, 32);
  const changed = change
    ? `<p><span class="bold">${toned(showAlone(change.figure, locale), arrow)}</span> ${escapeMarkup(change.title)}</p>`
    : '';
  const bars = trend
    ? `<div>${drawnBars(trend.points, 420, 130)}<p class="quiet">${escapeMarkup(trend.title)}</p></div>`
    : '';
  return `<div class="side"><div><p class="quiet">${escapeMarkup(title)}</p><p class="large">${escapeMarkup(showAlone(figure, locale).text)}</p>${changed}</div>${bars}</div>`;
}

function tileMarkup({ title, figure, of, change }: Tile, locale: string): string {
  const more = of ? `<span class="quiet whole">of ${escapeMarkup(showAlone(of, locale).text)}</span>` : '';
  const arrow = (tone: Shown['tone']) => drawnArrow(tone, 28);
  const changed = change ? `<span class="whole">${toned(showAlone(change, locale), arrow)}</span>` : '';
  // A name may be cut, a figure never: it goes on to the next line instead.
  const kind = figure.rule.kind === 'text' ? 'bold cut' : 'bold';
  return `<div><p class="quiet cut">${escapeMarkup(title)}</p><p class="pair${figure.rule.kind === 'text' ? '' : ' wraps'}"><span class="${kind}">${escapeMarkup(showAlone(figure, locale).text)}</span>${more}${changed}</p></div>`;
}

/** The first rows of a table; of movers the first of either side. */
function few(table: Table, rows: number): Table {
  const [turn] = table.groups;
  const kept =
    turn === undefined
      ? table.rows.slice(0, rows)
      : [...table.rows.slice(0, Math.min(rows, turn)), ...table.rows.slice(turn, turn + rows)];
  return { ...table, rows: kept, groups: turn === undefined ? [] : [Math.min(rows, turn)], totals: [] };
}

/** Name, the figure that matters and its growth: what fits a phone. Figures get the width they need, names may be cut. */
function tableMarkup(table: Table, document: Document): string {
  const words = pageTable(table, document);
  const name = words.columns.findIndex(({ text }) => text);
  const growth = words.columns.findLastIndex(({ arrows }) => arrows);
  const figure = figureBeside(table, growth);
  const shown = [name, figure, growth].filter((at) => at >= 0);
  const subject = words.columns[figure]?.title.toLowerCase();
  const title = subject === undefined || table.role === 'movers' ? words.title : `${words.title}, ${subject}`;
  const cell = ({ text, tone }: Shown, at: number) => {
    const [align, kind] = at === name ? ['left', 'name'] : ['right', 'number'];
    return `<td align="${align}" class="${kind}"${toneAttributes(tone)}>${drawnArrow(tone, 26)}${escapeMarkup(text)}</td>`;
  };
  const head = shown.map((at) =>
    at === name
      ? `<th align="left" class="name">${escapeMarkup(title)}</th>`
      : `<th align="right" class="quiet">${escapeMarkup(words.columns[at]?.unit ?? '')}</th>`,
  );
  const rows = words.rows.map((row, at) => {
    const cells = shown.map((column) => cell(row[column] ?? { text: '' }, column));
    return `<tr${words.groups.includes(at) ? ' class="group"' : ''}>${cells.join('')}</tr>`;
  });
  const widths = shown
    .map((at) => `<col${at === name ? '' : ` style="width:${at === growth ? 196 : 216}px"`}>`)
    .join('');
  return `<table><colgroup>${widths}</colgroup><tr>${head.join('')}</tr>${rows.join('')}</table>`;
}

/** Of movers the difference; else what the growth was computed from. Indexes are those of the columns that pages show. */
function figureBeside(table: Table, growth: number): number {
  const shown = shownColumns(table);
  if (table.role === 'movers') return growth - 1;
  const of = table.columns[shown[growth] ?? -1]?.of;
  return of === undefined ? -1 : shown.indexOf(of);
}
