const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const lettersOf = (text: string) => Array.from(letters.segment(text), ({ segment }) => segment);

/**
 * A name with a letter less each time, for a place that is too narrow for it. A word with a digit stays whole: a chain's shops
 * are told apart by it. Around one the longest text loses its end; a name without any loses its middle.
 */
export function shorterAndShorter(name: string): readonly string[] {
  const parts = name.split(/(\S*\p{Nd}\S*)/u).map((text, at) => ({ letters: lettersOf(text), number: at % 2 === 1 }));
  if (parts.length === 1) return withoutMiddle(lettersOf(name));
  const texts = parts.map((part) => part.letters.length);
  const shorter: string[] = [];
  for (;;) {
    const longest = parts.reduce(
      (most, { number }, at) => (!number && (texts[at] ?? 0) > (texts[most] ?? 0) ? at : most),
      parts.findIndex(({ number }) => !number),
    );
    if ((texts[longest] ?? 0) <= 1) return shorter;
    texts[longest] = (texts[longest] ?? 0) - 1;
    shorter.push(parts.map((part, at) => cutTo(part.letters, texts[at] ?? 0, at < parts.length - 1)).join(''));
  }
}

/** The first so many letters; what is cut says so, and keeps its distance from what follows. */
function cutTo(all: readonly string[], count: number, followed: boolean): string {
  const [whole, kept] = [all.join(''), all.slice(0, count).join('').trimEnd()];
  return kept === whole.trimEnd() ? whole : `${kept}\u2026${followed ? ' ' : ''}`;
}

/** More of the end than of the beginning stays: that is where names differ. */
function withoutMiddle(all: readonly string[]): readonly string[] {
  return Array.from({ length: Math.max(all.length - 2, 0) }, (_, index) => {
    const kept = all.length - 1 - index;
    const head = Math.floor(kept * 0.4);
    const [start, end] = [all.slice(0, head).join(''), all.slice(all.length - (kept - head)).join('')];
    return `${start.trimEnd()}\u2026${end.trimStart()}`;
  });
}
