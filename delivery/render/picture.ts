import { readFileSync } from 'node:fs';
import { type Document, type Headline, shownColumns, type Table, type Tile, tablesOf } from '../compose/document.ts';
import { type Shown, showAlone } from '../compose/present.ts';
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
h1{font-size:${size.medium}px;line-height:1.15;font-weight:600;margin:0}
p{margin:0}
.quiet{color:${colours.quiet}}
.large{font-size:${size.large}px;line-height:1.15;font-weight:600}
.bold{font-weight:600}
.side{display:flex;justify-content:space-between;align-items:flex-end;margin-top:20px}
.tiles{display:grid;grid-template-columns:1fr 1fr;gap:20px 40px;margin-top:24px}
.cut{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin-top:28px}
th{padding:0 8px 6px;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
th:first-child{padding-left:0}
th.quiet{font-weight:400}
td{padding:4px 8px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
td:first-child{padding-left:0}
tr.group td{border-top:2px solid ${colours.line}}
svg{vertical-align:baseline}
`.replaceAll('\n', '');

/** The page a picture is taken of: the news, readable on a phone; the rest stands in the full report. */
export function pictureMarkup(document: Document): string {
  const { headline, blocks, locale } = document;
  const tiles = blocks.flatMap((block) => (block.kind === 'kpis' ? block.tiles : [])).slice(0, 4);
  const tables = tablesOf(document);
  const movers = tables.find(({ role }) => role === 'movers');
  const first = tables.find(({ role }) => role === 'data');
  const body = `${document.test ? `<p class="bold" style="color:${colours.down}">TEST</p>` : ''}<h1>${escapeMarkup(document.title)}</h1><p class="quiet cut">${escapeMarkup(document.subtitle)}</p>
${headline ? headlineMarkup(headline, locale) : ''}<div class="tiles">${tiles.map((tile) => tileMarkup(tile, locale)).join('')}</div>
${movers ? tableMarkup(few(movers, 3), document) : ''}${first ? tableMarkup(few(first, movers ? 4 : 10), document) : ''}<p class="quiet" style="margin-top:24px">The full report is attached.</p>`;
  const language = escapeMarkup(locale.split('-u-')[0] ?? 'en');
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><style>${fontFaces(body)}${style}</style></head><body><main>
${body}
</main></body></html>`;
}

function headlineMarkup({ title, figure, change, trend }: Headline, locale: string): string {
  const arrow = (tone: Parameters<typeof drawnArrow>[0]) => drawnArrow(tone, 32);
  const changed = change
    ? `<p><span class="bold">${toned(showAlone(change.figure, locale), arrow)}</span> ${escapeMarkup(change.title)}</p>`
    : '';
  const bars = trend
    ? `<div>${drawnBars(trend.points, 420, 130)}<p class="quiet">${escapeMarkup(trend.title)}</p></div>`
    : '';
  return `<div class="side"><div><p class="quiet">${escapeMarkup(title)}</p><p class="large">${escapeMarkup(showAlone(figure, locale).text)}</p>${changed}</div>${bars}</div>`;
}

function tileMarkup({ title, figure, of, change }: Tile, locale: string): string {
  const more = of ? ` <span class="quiet">of ${escapeMarkup(showAlone(of, locale).text)}</span>` : '';
  const changed = change ? ` ${toned(showAlone(change, locale), (tone) => drawnArrow(tone, 28))}` : '';
  return `<div style="min-width:0"><p class="quiet cut">${escapeMarkup(title)}</p><p class="cut"><span class="bold">${escapeMarkup(showAlone(figure, locale).text)}</span>${more}${changed}</p></div>`;
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

/** Name, the figure that matters and its growth: what fits a phone. Names that are too long are cut with an ellipsis. */
function tableMarkup(table: Table, document: Document): string {
  const words = pageTable(table, document);
  const name = words.columns.findIndex(({ text }) => text);
  const growth = words.columns.findLastIndex(({ arrows }) => arrows);
  const figure = figureBeside(table, growth);
  const shown = [name, figure, growth].filter((at) => at >= 0);
  const subject = words.columns[figure]?.title.toLowerCase();
  const title = subject === undefined || table.role === 'movers' ? words.title : `${words.title}, ${subject}`;
  const cell = ({ text, tone }: Shown, at: number) => {
    const align = at === name ? 'left' : 'right';
    return `<td align="${align}"${toneAttributes(tone)}>${drawnArrow(tone, 26)}${escapeMarkup(text)}</td>`;
  };
  const head = shown.map((at) =>
    at === name
      ? `<th align="left">${escapeMarkup(title)}</th>`
      : `<th align="right" class="quiet">${escapeMarkup(words.columns[at]?.unit ?? '')}</th>`,
  );
  const rows = words.rows.map((row, at) => {
    const cells = shown.map((column) => cell(row[column] ?? { text: '' }, column));
    return `<tr${words.groups.includes(at) ? ' class="group"' : ''}>${cells.join('')}</tr>`;
  });
  const widths = shown.map((at) => (at === name ? '<col>' : '<col style="width:230px">')).join('');
  return `<table><colgroup>${widths}</colgroup><tr>${head.join('')}</tr>${rows.join('')}</table>`;
}

/** Of movers the difference; else what the growth was computed from. Indexes are those of the columns that pages show. */
function figureBeside(table: Table, growth: number): number {
  const shown = shownColumns(table);
  if (table.role === 'movers') return growth - 1;
  const of = table.columns[shown[growth] ?? -1]?.of;
  return of === undefined ? -1 : shown.indexOf(of);
}
