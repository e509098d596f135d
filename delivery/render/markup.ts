import type { Shown, Tone } from '../compose/present.ts';
import { type Bar, barsOf } from './bars.ts';
import { colours, tintOf, toneColour, toneShade } from './colours.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for markup, in an element or in an attribute. */
export const escapeMarkup = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** `▲` and `▼` as text: every system has them, and mail takes no pictures of its own. Nothing for flat. */
export function textArrow(tone: Tone | undefined): string {
  if (tone === undefined || tone.direction === 'flat') return '';
  return `<span aria-hidden="true">${tone.direction === 'up' ? '\u25b2' : '\u25bc'}</span> `;
}

/** The same arrows drawn, for pictures: the fonts of ours have no glyph for them. `size` in CSS pixels. */
export function drawnArrow(tone: Tone | undefined, size: number): string {
  if (tone === undefined || tone.direction === 'flat') return '';
  const points = tone.direction === 'up' ? '0,10 5,1 10,10' : '0,1 10,1 5,10';
  return `<svg width="${size}" height="${size}" viewBox="0 0 10 11" aria-hidden="true"><polygon points="${points}" fill="${toneColour(tone)}"/></svg> `;
}

/** A lone figure with arrow and colour. */
export function toned({ text, tone }: Shown, arrow: (tone: Tone | undefined) => string): string {
  if (tone === undefined) return escapeMarkup(text);
  return `<span style="color:${toneColour(tone)}">${arrow(tone)}${escapeMarkup(text)}</span>`;
}

/** Attributes of a table cell with a tone: ground and words, in a form that mail programs keep. */
export function toneAttributes(tone: Tone | undefined): string {
  if (tone === undefined) return '';
  const tint = tintOf(tone);
  return `${tint === undefined ? '' : ` bgcolor="${tint}"`} style="color:${toneShade(tone)}"`;
}

/** Bars of the last days; what they show is said beside them, so they are hidden from readers aloud. */
export function drawnBars(points: readonly (string | null)[], width: number, height: number): string {
  const draw = (bar: Bar) =>
    `<rect x="${bar.x}" y="${bar.y}" width="${bar.width}" height="${bar.height}" fill="${bar.last ? colours.up : colours.line}"/>`;
  const bars = barsOf(points, width, height).map(draw).join('');
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true">${bars}</svg>`;
}
