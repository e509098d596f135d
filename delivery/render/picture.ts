import { readFileSync } from 'node:fs';
import type { Chart, Document, Headline, Tile } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { changeOf, type Shown, showAlone } from '../compose/present.ts';
import type { DrawnCharts } from './chart.ts';
import { colours } from './colours.ts';
import { type Family, families, fontPath, runsOf } from './fonts.ts';
import { drawnArrow, drawnBars, escapeMarkup, toneAttributes, toned } from './markup.ts';
import { type PictureRows, type PictureTable, pictureContent } from './picture-content.ts';

/** Width of a picture in CSS pixels, and how tall it may grow. */
export const pictureWidth = 1080;
export const pictureHeight = 1600;

/** Type that can still be read when a phone shows the picture 400 pixels wide. */
const size = { large: 104, medium: 56, small: 40, least: 32 } as const;

/** The fonts a text needs, as data: the picture is the same on every machine and opens no file while it is drawn. */
export function fontFaces(text: string): string {
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
h1,p{overflow-wrap:anywhere}
.quiet{color:${colours.quiet}}
.large{font-size:${size.large}px;line-height:1.15;font-weight:600}
.bold{font-weight:600}
.side{display:flex;justify-content:space-between;align-items:flex-end;gap:32px;margin-top:20px}
.side>:first-child{flex:none;max-width:100%}
.side>:last-child{min-width:0}
.side svg{max-width:100%}
.tiles{display:grid;grid-template-columns:1fr 1fr;gap:20px 40px;margin-top:24px}
.tiles>div{min-width:0}
.pair{display:flex;flex-wrap:wrap;gap:0 14px}
.whole{flex:none;white-space:nowrap}
.cut{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
table{border-collapse:collapse;width:100%;margin-top:28px}
th{padding:0 8px 4px;font-weight:400;font-size:${size.least}px;white-space:nowrap;color:${colours.quiet}}
.name{width:100%;max-width:0;overflow:hidden}
.number{min-width:190px}
th:first-child{padding-left:0}
th.title{font-weight:600;font-size:${size.small}px;color:${colours.ink}}
td{padding:4px 8px;white-space:nowrap}
td:first-child{padding-left:0}
tr.group td{border-top:2px solid ${colours.line}}
svg{vertical-align:baseline}
`.replaceAll('\n', '');

/**
 * The page a picture is taken of: the news, readable on a phone, what changed, and the first rows of the first table; the
 * rest stands in the full report.
 */
export function pictureMarkup(document: Document, rows: PictureRows, charts: DrawnCharts = new Map()): string {
  const { headline, locale } = document;
  const { tiles, chart, tables } = pictureContent(document, rows);
  const body = `${document.test ? `<p class="bold" style="color:${colours.down}">TEST</p>` : ''}<h1>${escapeMarkup(document.title)}</h1><p class="quiet cut">${escapeMarkup(document.subtitle)}</p>
${headline ? headlineMarkup(headline, locale) : ''}<div class="tiles">${tiles.map((tile) => tileMarkup(tile, locale)).join('')}</div>
${chart ? chartMarkup(chart, charts.get(chart.name)) : ''}${tables.map(tableMarkup).join('')}<p class="quiet" style="margin-top:24px">${escapeMarkup(phrasesOf(locale).moreInReport)}</p>`;
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

function tileMarkup(tile: Tile, locale: string): string {
  const { title, figure, of } = tile;
  const more = of
    ? `<span class="quiet whole">${escapeMarkup(phrasesOf(locale).of(showAlone(of, locale).text))}</span>`
    : '';
  const arrow = (tone: Shown['tone']) => drawnArrow(tone, 28);
  const change = changeOf(tile, locale);
  const changed = change ? `<span class="whole">${toned(change.shown, arrow)}</span>` : '';
  const said = escapeMarkup(showAlone(figure, locale).text);
  const words =
    figure.rule.kind === 'text'
      ? `<p class="bold">${said}</p><p>${more}${changed}</p>`
      : `<p class="pair"><span class="bold">${said}</span>${more}${changed}</p>`;
  return `<div><p class="quiet cut">${escapeMarkup(title)}</p>${words}</div>`;
}

/** Figures get the width they need; names are cut where the picture is taken, as far as they have to be. */
function tableMarkup({ title, heads, rows, groups }: PictureTable): string {
  const cell = ({ text, tone }: Shown, at: number) => {
    const [align, kind] = heads[at]?.name ? ['left', 'name'] : ['right', 'number'];
    return `<td align="${align}" class="${kind}"${toneAttributes(tone)}>${drawnArrow(tone, 26)}${escapeMarkup(text)}</td>`;
  };
  const head = heads.map(({ text, name }) =>
    name
      ? `<th align="left" class="name title">${escapeMarkup(title)}</th>`
      : `<th align="right">${escapeMarkup(text)}</th>`,
  );
  const lines = rows.map(
    (row, at) => `<tr${groups.includes(at) ? ' class="group"' : ''}>${row.map(cell).join('')}</tr>`,
  );
  return `<table><tr>${head.join('')}</tr>${lines.join('')}</table>`;
}
