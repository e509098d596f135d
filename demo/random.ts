/** A stream of numbers that looks random and is the same on every machine for the same seed and name. */
export interface Random {
  /** At least 0 and below 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True in `share` of the calls. */
  chance(share: number): boolean;
  /** One of the list. Throws when it is empty. */
  pick<T>(list: readonly T[]): T;
  /** `count` different ones of the list, or all of it, in the list's order. */
  some<T>(list: readonly T[], count: number): T[];
}

/**
 * Named streams of one seed are independent: who draws once more from one does not move the others. Mulberry32: 32 bits
 * of state, integer arithmetic only; fine for made-up sales, useless for secrets.
 */
export function random(seed: number, name: string): Random {
  let state = seed | 0;
  for (const letter of name) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[between(0, list.length - 1)] as (typeof list)[number];
    },
    some: (list, count) => {
      const lots = list.map((_, index) => ({ index, lot: next() })).sort((a, b) => a.lot - b.lot);
      const drawn = new Set(lots.slice(0, count).map(({ index }) => index));
      return list.filter((_, index) => drawn.has(index));
    },
  };
}

/** A picker that gives an entry as often as its weight says. Weights are positive. */
export function weighted<T>(entries: readonly (readonly [entry: T, weight: number])[]): (chance: Random) => T {
  const bounds: number[] = [];
  let total = 0;
  for (const [, weight] of entries) {
    total += weight;
    bounds.push(total);
  }
  return (chance) => {
    const at = chance.next() * total;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] ?? total) > at) high = middle;
      else low = middle + 1;
    }
    const found = entries[low];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found[0];
  };
}
