import { type Block, type Chart, type Document, type Headline, letterheadOf, type Tile } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';
import { changeOf, showAlone } from '../compose/present.ts';
import { type DrawnCharts, drawCharts, screenChart } from './chart.ts';
import { colours } from './colours.ts';
import { verifyHtml } from './html-verify.ts';
import { letterheadMarkup, paragraphMarkup } from './letter-markup.ts';
import { drawnBars, escapeMarkup, textArrow, toneAttributes, toned } from './markup.ts';
import { type PageTable, pageTable } from './page-table.ts';
import type { Renderer } from './renderer.ts';

/** One self-contained page: no script, no file, no network; table markup and attributes that mail programs keep. */
export function openHtml(): Renderer {
  return {
    async render(document, { signal }) {
      signal.throwIfAborted();
      const bytes = new TextEncoder().encode(await renderHtml(document));
      return { kind: 'rendered', file: { bytes, mediaType: 'text/html; charset=utf-8', extension: 'html' } };
    },
    verify: async (file, document) => verifyHtml(new TextDecoder().decode(file.bytes), document),
  };
}

const style = `
body{margin:0;background:${colours.paper};color:${colours.ink};font:15px/1.4 "Noto Sans","Noto Sans Devanagari","Noto Sans Gujarati",system-ui,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:24px 16px}
h1{font-size:28px;line-height:1.2;margin:0}
h2,caption{font-size:18px;line-height:1.3;font-weight:600;text-align:left;margin:0;padding:32px 0 8px}
p{margin:0 0 8px}
.quiet,th small{color:${colours.quiet}}
.test{font-weight:600;color:${colours.down}}
.figure{font-size:28px;line-height:1.2;font-weight:600}
.value{font-size:18px;font-weight:600}
table{border-collapse:collapse;border-spacing:0}
table[data-table]{width:100%}
thead th{font-weight:600;vertical-align:bottom;border-bottom:1px solid ${colours.ink};padding:4px 8px}
th small{display:block;font-weight:400;font-size:13px}
td,tbody th{padding:4px 8px;vertical-align:top}
tbody th{font-weight:400}
tr.group td,tr.group th,tfoot tr:first-child td,tfoot tr:first-child th{border-top:1px solid ${colours.line}}
tfoot td,tfoot th{font-weight:600;padding:4px 8px}
td[align=right]{white-space:nowrap}
table[data-table] th:first-child,table[data-table] td:first-child{padding-left:0}
.scroll{overflow-x:auto}
@media (max-width:640px){.side>tbody>tr>td{display:block;padding:8px 0!important}table[data-table]{font-size:13px}td,tbody th,thead th,tfoot th{padding:4px}tbody th{min-width:96px}}
@media print{thead{display:table-header-group}tr{break-inside:avoid}caption{break-after:avoid}}
`.replaceAll('\n', '');

/** A document as a page. */
export async function renderHtml(document: Document): Promise<string> {
  const charts = await drawCharts(document, screenChart);
  const language = document.locale.split('-u-')[0] ?? 'en';
  return `<!doctype html>
<html lang="${escapeMarkup(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeMarkup(document.title)}, ${escapeMarkup(document.subtitle)}</title><style>${style}</style></head>
<body><main>
${document.test ? '<p class="test">TEST</p>\n' : ''}${letterheadOf(document) ? '' : titleMarkup(document)}${document.headline ? headlineMarkup(document.headline, document) : ''}${document.blocks.map((block) => blockMarkup(block, document, charts)).join('')}${notesMarkup(document)}<p class="quiet" style="padding-top:24px"><small>${escapeMarkup(document.footer)}</small></p>
</main></body></html>
`;
}

const titleMarkup = ({ title, subtitle }: Document) =>
  `<h1>${escapeMarkup(title)}</h1>\n<p class="quiet">${escapeMarkup(subtitle)}</p>\n`;

function headlineMarkup({ title, figure, change, trend }: Headline, { locale }: Document): string {
  const changed = change
    ? `<p><span data-figure="headline-change">${toned(showAlone(change.figure, locale), textArrow)}</span> ${escapeMarkup(change.title)}</p>`
    : '';
  const bars = trend
    ? `<td valign="bottom" style="padding-left:32px">${drawnBars(trend.points, 280, 56)}<br><small class="quiet">${escapeMarkup(trend.title)}</small></td>`
    : '';
  return `<table role="presentation" class="side" style="margin-top:24px"><tr><td style="padding:0"><p class="quiet" style="margin:0">${escapeMarkup(title)}</p><p class="figure" data-figure="headline">${escapeMarkup(showAlone(figure, locale).text)}</p>${changed}</td>${bars}</tr></table>
`;
}

function blockMarkup(block: Block, document: Document, charts: DrawnCharts): string {
  switch (block.kind) {
    case 'kpis':
      return `<table role="presentation" class="side" style="margin-top:16px"><tr>${block.tiles.map((tile) => tileMarkup(tile, document)).join('')}</tr></table>\n`;
    case 'table':
      return tableMarkup(block.table.name, pageTable(block.table, document));
    case 'text':
      return block.paragraphs.map(paragraphMarkup).join('');
    case 'chart':
      return chartMarkup(block.chart, charts.get(block.chart.name));
    case 'letterhead':
      return letterheadMarkup(block.letterhead, document.title);
    case 'page_break':
      return '<div style="break-after:page"></div>\n';
  }
}

/** Drawn to fit the page it is seen on; read aloud by its title. */
function chartMarkup({ name, title, unit }: Chart, svg: string | undefined): string {
  const small = unit === undefined ? '' : `<small class="quiet">${escapeMarkup(unit)}</small>`;
  const drawing = (svg ?? '').replace(/^<svg /, '<svg style="max-width:100%;height:auto" ');
  return `<h2>${escapeMarkup(title)}</h2>${small}<div data-chart="${escapeMarkup(name)}">${drawing}</div>\n`;
}

function tileMarkup(tile: Tile, { locale }: Document): string {
  const { title, figure, of } = tile;
  const more = of
    ? ` <span class="quiet">${escapeMarkup(phrasesOf(locale).of(showAlone(of, locale).text))}</span>`
    : '';
  const change = changeOf(tile, locale);
  const against = change?.title ? ` <span class="quiet">${escapeMarkup(change.title)}</span>` : '';
  const changed = change ? `<br>${toned(change.shown, textArrow)}${against}` : '';
  return `<td valign="top" style="padding:8px 32px 8px 0" data-figure="tile"><span class="quiet">${escapeMarkup(title)}</span><br><span class="value">${escapeMarkup(showAlone(figure, locale).text)}</span>${more}${changed}</td>`;
}

/** A table with caption and scopes, so that it can be heard as well as seen. */
export function tableMarkup(name: string, table: PageTable): string {
  const { columns } = table;
  const cells = (row: PageTable['rows'][number], first: 'th' | 'td') =>
    row
      .map(({ text, tone }, at) => {
        const align = columns[at]?.align ?? 'left';
        const tag = at === 0 ? first : 'td';
        const scope = tag === 'th' ? ' scope="row"' : '';
        return `<${tag}${scope} align="${align}"${toneAttributes(tone)}>${textArrow(tone)}${escapeMarkup(text)}</${tag}>`;
      })
      .join('');
  const head = columns
    .map(({ title, unit, align }) => {
      const small = unit === undefined ? '' : `<small>${escapeMarkup(unit)}</small>`;
      return `<th scope="col" align="${align}">${escapeMarkup(title)}${small}</th>`;
    })
    .join('');
  const body =
    table.rows.length === 0
      ? `<tr><td colspan="${columns.length}">${escapeMarkup(table.noRows)}</td></tr>\n`
      : table.rows
          .map((row, at) => `<tr${table.groups.includes(at) ? ' class="group"' : ''}>${cells(row, 'th')}</tr>\n`)
          .join('');
  const foot = table.totals.map((row) => `<tr>${cells(row, 'th')}</tr>\n`).join('');
  return `<div class="scroll"><table data-table="${escapeMarkup(name)}"><caption>${escapeMarkup(table.title)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
${foot === '' ? '' : `<tfoot>\n${foot}</tfoot>\n`}</table></div>
`;
}

function notesMarkup({ notes, locale }: Document): string {
  if (notes.length === 0) return '';
  return `<h2>${escapeMarkup(phrasesOf(locale).notes)}</h2>\n${notes.map((note) => `<p class="quiet">${escapeMarkup(note)}</p>\n`).join('')}`;
}
