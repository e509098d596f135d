import { type Document, tablesOf } from '../compose/document.ts';
import { colours } from './colours.ts';
import { tableMarkup } from './html.ts';
import { escapeMarkup } from './markup.ts';
import { pageTable } from './page-table.ts';

/**
 * A mail's HTML part from its text part: the same words, the news first; then the picture (`pictureId` names the inline
 * part) and what changed as a small table. Reads well with pictures off; colours follow a dark screen.
 */
export function renderMail(text: string, document: Document, pictureId: string | undefined): string {
  const [first = '', ...others] = text
    .split(/\n\s*\n/)
    .map((part) => escapeMarkup(part.trim()).replaceAll('\n', '<br>'));
  const picture =
    pictureId === undefined
      ? ''
      : `<p><img src="cid:${escapeMarkup(pictureId)}" width="540" alt="${escapeMarkup(`${document.title}, ${document.subtitle}: the figures of this mail as a picture`)}" style="width:100%;max-width:540px;height:auto"></p>\n`;
  const movers = tablesOf(document)
    .filter(({ role }) => role === 'movers')
    .map((table) => tableMarkup(table.name, pageTable(table, document)))
    .join('');
  return `<!doctype html>
<html lang="${escapeMarkup(document.locale.split('-u-')[0] ?? 'en')}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeMarkup(document.title)}</title><style>${style}</style></head>
<body>
${document.test ? '<p><b>TEST</b></p>\n' : ''}<p class="first">${first}</p>
${picture}${others.map((part) => `<p>${part}</p>\n`).join('')}${movers}<p class="quiet"><small>${escapeMarkup(document.footer)}</small></p>
</body></html>
`;
}

const style = `
body{font:15px/1.45 "Noto Sans",system-ui,"Segoe UI",Roboto,Arial,sans-serif;max-width:640px;margin:0;padding:8px}
.first{font-size:18px;font-weight:600}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:8px 0}
td,th{padding:3px 8px;vertical-align:top}
tbody th{font-weight:400}
th small{display:block;font-weight:400}
td[align=right]{white-space:nowrap}
.quiet,th small{color:${colours.flat}}
`.replaceAll('\n', '');
