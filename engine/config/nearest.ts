import { distance } from 'fastest-levenshtein';

/** The known word a person most likely meant, or undefined when none is near (a third of the letters may differ, a swap counts two). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = (word.length < 3 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    const apart = distance(word.toLowerCase(), candidate.toLowerCase());
    if (apart < bestDistance) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** `Did you mean "x"?` when there is a near word, else the first known words. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const list = [...known];
  const near = nearest(word, list);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (list.length === 0) return undefined;
  return `Known: ${list.slice(0, 12).join(', ')}${list.length > 12 ? ', ...' : ''}.`;
}
