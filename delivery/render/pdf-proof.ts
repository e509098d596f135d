import { createHash } from 'node:crypto';
import { componentsOf, type FontFile } from './font-file.ts';
import { fontName, type SharedFont, sharedFont } from './font-shared.ts';
import { families, fontPath } from './fonts.ts';
import type { ReadFont } from './pdf-font-read.ts';
import type { Shown } from './pdf-page-read.ts';
import type { Findings } from './renderer.ts';
import { filler } from './shaper.ts';

/** The fonts of ours by the names that PDFs call them. */
const paths = new Map(
  families.flatMap((family) =>
    (['regular', 'semibold'] as const).map((weight) => {
      const path = fontPath(family, weight);
      return [fontName(path), path] as const;
    }),
  ),
);

/**
 * Whether what is seen is what is read. A PDF says apart what its glyphs look like and what they read as; so each text must
 * be drawn with the glyphs, at the places, that its font gives to it, and the outlines in the file must be the font's.
 */
export function proveType(shown: readonly Shown[], findings: Findings): void {
  const proved = new Map<ReadFont, SharedFont | undefined>();
  let said = 0;
  for (const one of shown) {
    if (said === enough) return;
    if (!proved.has(one.font)) proved.set(one.font, ownFont(one.font, findings));
    const font = proved.get(one.font);
    if (font === undefined) continue;
    const wrong = wrongGlyphs(one, font) ?? wrongOutline(one, font);
    if (wrong === undefined) continue;
    said++;
    findings.say('wrong-type', `"${one.text.replaceAll(filler, '').trim().slice(0, 80)}" ${wrong}`);
  }
}

/** A font that is wrong is wrong in every word; what else is wrong shall find room. */
const enough = 20;

/** The font of ours that an embedded one says it is a part of. */
function ownFont(font: ReadFont, findings: Findings): SharedFont | undefined {
  const path = paths.get(font.name);
  if (path !== undefined) return sharedFont(path);
  findings.say('unknown-font', `it is set in ${font.name}, which is no font of ours`);
  return undefined;
}

const indic = /[\p{Script=Devanagari}\p{Script=Gujarati}]/u;

function wrongGlyphs({ text, actual, glyphs }: Shown, font: SharedFont): string | undefined {
  const words = text.replaceAll(filler, '');
  if (actual !== undefined && actual.replaceAll(filler, '') !== words) return `says that it reads "${actual}"`;
  const { ids, x, y } = glyphs;
  let at = 0;
  let pen = 0;
  for (const layout of font.layoutsOf(actual ?? (indic.test(text) ? words : text)))
    for (const { kind, xAdvance, xOffset, yOffset } of layout.glyphs) {
      if (ids[at] !== kind.id) return `is drawn with glyph ${ids[at]} in place of ${kind.id}: it is not shaped`;
      if (kind.id === 0) return 'has a sign that its font does not have';
      if (aside(x[at], pen + xOffset) || aside(y[at], yOffset)) return `has glyph ${kind.id} out of its place`;
      pen += xAdvance;
      at++;
    }
  return at === ids.length ? undefined : `is drawn with ${ids.length} glyphs in place of ${at}`;
}

/** By more than a hundredth of the type's size: writers round. */
const aside = (place = 0, wanted: number) => Math.abs(place - wanted) > 10;

/** Glyphs found equal, by the bytes of the embedded file: letters alike share one. */
const equal = new Map<string, Set<number>>();
const keptFiles = 200;

function wrongOutline({ font, glyphs }: Shown, own: SharedFont): string | undefined {
  const known = knownOf(font);
  for (const id of glyphs.ids) {
    if (known.has(id)) continue;
    if (!sameGlyph(font.file, own, id)) return `is drawn with glyph ${id}, which is not that of ${own.name}`;
    known.add(id);
  }
  return undefined;
}

const knownFiles = new WeakMap<ReadFont, Set<number>>();

function knownOf(font: ReadFont): Set<number> {
  const mine = knownFiles.get(font);
  if (mine) return mine;
  const key = `${font.name} ${createHash('sha256').update(font.packed).digest('base64')}`;
  const known = equal.get(key) ?? new Set<number>();
  if (equal.size === keptFiles) equal.clear();
  equal.set(key, known);
  knownFiles.set(font, known);
  return known;
}

/** Outline for outline, as wide and standing where the font has it, and so what it is put together from. */
function sameGlyph(file: FontFile, own: FontFile, id: number): boolean {
  const outline = own.outline(id);
  return (
    sameBytes(file.outline(id), outline) &&
    file.bearing(id) === own.bearing(id) &&
    file.width(id) === own.width(id) &&
    componentsOf(outline).every((part) => sameGlyph(file, own, part))
  );
}

/** Outlines begin at every fourth byte: zeros fill them up. */
function sameBytes(filled: Uint8Array, bytes: Uint8Array): boolean {
  const [same, rest] = [filled.subarray(0, bytes.length), filled.subarray(bytes.length)];
  return Buffer.compare(same, bytes) === 0 && rest.length < 4 && rest.every((byte) => byte === 0);
}
