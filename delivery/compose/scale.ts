import { compare, type Decimal, parseDecimal, subtract, zero } from './decimal.ts';

/** So many steps at most: a scale to read sizes by, not a ruler. */
const mostSteps = 3;

/**
 * Round marks from below the least to above the largest of the points, one step apart: 1, 2 or 5 times a power of ten.
 * `fromZero` keeps zero among them. Nothing where no point is known, or all are zero.
 */
export function scaleOf(points: readonly { readonly value: string | null }[], fromZero: boolean): readonly Decimal[] {
  const known = points.flatMap(({ value }) => (value === null ? [] : [parseDecimal(value)]));
  const all = (fromZero ? [...known, zero] : known).sort(compare);
  const [low, high] = [all.at(0), all.at(-1)];
  if (low === undefined || high === undefined || compare(low, high) === 0) return [];
  const step = stepFor(subtract(high, low));
  const [first, last] = [steps(low, step, 'down'), steps(high, step, 'up')];
  return Array.from({ length: Number(last - first) + 1 }, (_, at) => ({
    units: step.units * (first + BigInt(at)),
    scale: step.scale,
  }));
}

/** The smallest round step of which `mostSteps` reach over a width. */
function stepFor(width: Decimal): Decimal {
  const digits = width.units.toString().length;
  for (let power = digits - 2; ; power++)
    for (const factor of [1n, 2n, 5n]) {
      const step = power >= 0 ? factor * 10n ** BigInt(power) : factor;
      if (step * BigInt(mostSteps) >= width.units) return { units: step, scale: width.scale };
    }
}

/** How many steps a value lies from zero, rounded away from the middle of the scale. */
function steps(value: Decimal, step: Decimal, way: 'up' | 'down'): bigint {
  const scale = Math.max(value.scale, step.scale);
  const units = value.units * 10n ** BigInt(scale - value.scale);
  const size = step.units * 10n ** BigInt(scale - step.scale);
  const whole = units / size;
  if (units % size === 0n) return whole;
  return way === 'up' ? whole + (units > 0n ? 1n : 0n) : whole - (units < 0n ? 1n : 0n);
}
