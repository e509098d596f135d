import { Fault } from '#engine';

/** An exact decimal: `units` / 10^`scale`. `-1.50` is -150 with scale 2. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export const zero: Decimal = { units: 0n, scale: 0 };

/** Reads decimal text such as `-12`, `0.10`, `1.5e-7`. Throws `Fault` failed for anything else (NaN, Infinity). */
export function parseDecimal(text: string): Decimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(text.trim());
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') throw new Fault('failed', `"${text}" is not a number`);
  const units = BigInt(sign + whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** Plain text with all `scale` decimals; never `-0`. */
export function toText({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const scaledTo = (value: Decimal, scale: number) => value.units * 10n ** BigInt(scale - value.scale);

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: scaledTo(a, scale) + scaledTo(b, scale), scale };
}

export const negate = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale });

export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, negate(b));

/** Below zero, zero or above, as `a` is less than, equal to or more than `b`. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const { units } = subtract(a, b);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

export const absolute = (value: Decimal): Decimal => (value.units < 0n ? negate(value) : value);

/** Rounds to so many decimals, half away from zero. */
export function round(value: Decimal, decimals: number): Decimal {
  if (decimals >= value.scale) return { units: scaledTo(value, decimals), scale: decimals };
  return { units: quotient(value.units, 10n ** BigInt(value.scale - decimals)), scale: decimals };
}

/** `a / b` to so many decimals, half away from zero. `b` must not be zero. */
export function divide(a: Decimal, b: Decimal, decimals: number): Decimal {
  const shift = decimals + b.scale - a.scale;
  const up = shift > 0 ? 10n ** BigInt(shift) : 1n;
  const down = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  return { units: quotient(a.units * up, b.units * down), scale: decimals };
}

/** Integer division, half away from zero. */
function quotient(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const result = (2n * top + bottom) / (2n * bottom);
  return negative ? -result : result;
}

/** `(now - before) / before * 100` with four decimals; undefined where `before` is zero. */
export function growthOf(now: Decimal, before: Decimal): Decimal | undefined {
  if (before.units === 0n) return undefined;
  const change = subtract(now, before);
  return divide({ units: change.units * 100n, scale: change.scale }, before, 4);
}
