/**
 * `numerator / denominator` as decimal text with that many decimals, the last rounded half away from zero; a result of
 * zero has no sign. Throws when the denominator is 0.
 */
export function quotient(numerator: bigint, denominator: bigint, decimals: number): string {
  const negative = numerator < 0n !== denominator < 0n;
  const [above, below] = [magnitude(numerator), magnitude(denominator)];
  const units = (above * 10n ** BigInt(decimals) * 2n + below) / (below * 2n);
  return decimalText(negative ? -units : units, decimals);
}

/** A count of units of the last decimal as text: 4839 with 2 decimals is `48.39`. */
export function decimalText(units: bigint, decimals: number): string {
  const digits = magnitude(units)
    .toString()
    .padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const sign = units < 0n ? '-' : '';
  return `${sign}${digits.slice(0, cut)}${decimals > 0 ? '.' : ''}${digits.slice(cut)}`;
}

/** Decimal text in units of its last decimal: `48.39`, `48.4` and `48` with 2 decimals are 4839, 4840 and 4800. Throws on more decimals. */
export function unitsOf(text: string, decimals: number): number {
  const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || part.length > decimals)
    throw new RangeError(`not a number of ${decimals} decimals: ${text}`);
  const units = Number(whole + part.padEnd(decimals, '0'));
  if (!Number.isSafeInteger(units)) throw new RangeError(`too large to be exact: ${text}`);
  return sign === '-' && units !== 0 ? -units : units;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
