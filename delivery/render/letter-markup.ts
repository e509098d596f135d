import type { Letterhead, Paragraph } from '../compose/document.ts';
import { colours } from './colours.ts';
import { escapeMarkup } from './markup.ts';

/** The head of a letter. */
export function letterheadMarkup({ name, lines, address, reference, date }: Letterhead, title: string): string {
  const right = [reference, date].filter((line) => line !== undefined);
  const broken = (texts: readonly string[]) => texts.map(escapeMarkup).join('<br>');
  return `<p class="value" style="margin:0">${escapeMarkup(name)}</p>
<p class="quiet" style="border-bottom:1px solid ${colours.ink};padding-bottom:12px">${broken(lines)}</p>
<table role="presentation" style="width:100%"><tr><td valign="top">${broken(address)}</td><td valign="top" align="right">${broken(right)}</td></tr></table>
<h1 style="padding-top:24px">${escapeMarkup(title)}</h1>
`;
}

/** A paragraph, a heading or an item, its strong words marked. */
export function paragraphMarkup({ kind, text, spans }: Paragraph): string {
  const words = (spans ?? [{ text, strong: false }])
    .map((span) => (span.strong ? `<strong>${escapeMarkup(span.text)}</strong>` : escapeMarkup(span.text)))
    .join('')
    .replaceAll('\n', '<br>');
  if (kind === 'item') return `<ul style="margin:0 0 4px"><li>${words}</li></ul>\n`;
  const tag = kind === 'heading' ? 'h2' : 'p';
  return `<${tag}>${words}</${tag}>\n`;
}
