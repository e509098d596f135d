import { Fault } from '#engine';
import { dayAfter, instantOf } from './date.ts';
import { add, type Decimal, parseDecimal, subtract, toText, zero } from './decimal.ts';

/** How a payment is brought to the paisa: `up` never leaves the lender short, `half_up` is what people compute themselves. */
export type Rounding = 'half_up' | 'up';

export interface Loan {
  /** Exact decimal text. */
  readonly principal: string;
  /** Per cent a year, `14.07`. */
  readonly rate: string;
  readonly months: number;
  readonly rounding: Rounding;
}

/** One payment; amounts are exact text with two decimals. */
export interface Instalment {
  readonly number: number;
  readonly opening: string;
  readonly payment: string;
  readonly interest: string;
  readonly principal: string;
  readonly closing: string;
}

/** Decimals of an amount that is paid. */
const paise = 2;

/**
 * The equated monthly instalment, P r (1+r)^n / ((1+r)^n - 1) with r = rate / 1200, computed as a fraction of whole numbers and
 * rounded once, at the end. Throws `Fault` failed for a loan that is none.
 */
export function emiOf({ principal, rate, months, rounding }: Loan): string {
  const { top, bottom } = monthly(rate);
  const amount = parseDecimal(principal);
  if (amount.units <= 0n || top < 0n || !Number.isInteger(months) || months < 1) {
    throw new Fault('failed', `no instalments follow from ${principal} at ${rate} % over ${months} months`);
  }
  if (top === 0n) return toText(rounded(amount.units, BigInt(months) * 10n ** BigInt(amount.scale), rounding));
  const [grown, still] = [(bottom + top) ** BigInt(months), bottom ** BigInt(months)];
  return toText(rounded(amount.units * top * grown, bottom * (grown - still) * 10n ** BigInt(amount.scale), rounding));
}

/** All payments: interest on what is open, each line rounded half up; the last payment clears the rest. */
export function scheduleOf(loan: Loan): readonly Instalment[] {
  const { top, bottom } = monthly(loan.rate);
  const emi = parseDecimal(emiOf(loan));
  const lines: Instalment[] = [];
  let open: Decimal = add(parseDecimal(loan.principal), { units: 0n, scale: paise });
  for (let number = 1; number <= loan.months; number++) {
    const interest = rounded(open.units * top, bottom * 10n ** BigInt(open.scale), 'half_up');
    const payment = number === loan.months ? add(open, interest) : emi;
    const principal = subtract(payment, interest);
    const closing = subtract(open, principal);
    const [opening, ...amounts] = [open, payment, interest, principal, closing].map(toText);
    const [paid = '', cost = '', off = '', rest = ''] = amounts;
    lines.push({ number, opening: opening ?? '', payment: paid, interest: cost, principal: off, closing: rest });
    open = closing;
  }
  return lines;
}

/** The sum of one kind of amount. */
export function sumOf(lines: readonly Instalment[], kind: 'payment' | 'interest' | 'principal'): string {
  return toText(lines.reduce<Decimal>((sum, line) => add(sum, parseDecimal(line[kind])), zero));
}

/** So many months after a day: the same day of the month, or the last of a shorter one. */
export function monthsAfter(day: string, months: number): string {
  const at = instantOf(day);
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
  const next = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 1)).toISOString().slice(0, 10);
  const wanted = dayAfter(first, at.getUTCDate() - 1);
  return wanted < next ? wanted : dayAfter(next, -1);
}

/** The rate of a month as a fraction. */
function monthly(rate: string): { readonly top: bigint; readonly bottom: bigint } {
  const { units, scale } = parseDecimal(rate);
  return { top: units, bottom: 1200n * 10n ** BigInt(scale) };
}

/** A fraction above zero with two decimals. */
function rounded(top: bigint, bottom: bigint, rounding: Rounding): Decimal {
  const units = top * 10n ** BigInt(paise);
  const whole = rounding === 'up' ? (units + bottom - 1n) / bottom : (2n * units + bottom) / (2n * bottom);
  return { units: whole, scale: paise };
}
