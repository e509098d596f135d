import type { Product, Store } from './catalogue.ts';
import { dateOf, weekdayOf } from './days.ts';
import { type Random, random, weighted } from './random.ts';

export interface SalesLine {
  readonly date: string;
  readonly lineId: string;
  readonly store: Store;
  readonly product: Product;
  /** Bottles; negative on a return. */
  readonly quantity: number;
  /** The line's total in cents; negative on a return. */
  readonly cents: number;
}

export interface Trade {
  readonly seed: number;
  readonly stores: readonly Store[];
  readonly products: readonly Product[];
  /** Days since 1970, half-open. */
  readonly from: number;
  readonly until: number;
}

// By month, January first: how much is ordered, and how warm it is.
const season = [0.8, 0.9, 1, 1.05, 1.15, 1.1, 1, 1, 1, 1.1, 1.15, 1.3];
const warmth = [0, 0.2, 0.5, 0.8, 1, 0.9, 0.7, 0.6, 0.6, 0.5, 0.2, 0];
const closed = new Set(['01-01', '01-26', '08-15', '10-02', '12-25']);
const [friday, saturday, sunday] = [4, 5, 6];

/**
 * The lines of every day in turn, in the order of their ids. Quiet days have none: most Saturdays, some Sundays,
 * holidays. Holds one day and the last few thousand lines, of which some come back as returns.
 */
export function* tradeDays(trade: Trade): Generator<{ readonly date: string; readonly lines: readonly SalesLine[] }> {
  const chance = random(trade.seed, 'trade');
  const recent: SalesLine[] = [];
  let invoice = 400_000;
  for (let day = trade.from; day < trade.until; day++) {
    const date = dateOf(day);
    const progress = (day - trade.from) / (trade.until - trade.from);
    const orders = ordersOn(day, date, progress, trade.stores, chance);
    const pick = weighted(trade.products.map((product) => [product, demand(product, date, progress)] as const));
    const lines: SalesLine[] = [];
    for (const { store, count } of orders) {
      invoice += chance.between(1, 9);
      for (let line = 1; line <= count; line++) {
        const product = pick(chance);
        const quantity = bottles(product, chance);
        const lineId = `INV-${invoice}${String(line).padStart(5, '0')}`;
        lines.push({ date, lineId, store, product, quantity, cents: quantity * product.price });
      }
    }
    if (orders.length > 0 && recent.length > 0 && chance.chance(0.4)) {
      lines.push(returned(chance.pick(recent), date, `RINV-${invoice + 1}00001`, chance));
      invoice += 1;
    }
    yield { date, lines };
    recent.push(...lines.filter((line) => line.quantity > 0));
    recent.splice(0, recent.length - 3000);
  }
}

function ordersOn(day: number, date: string, progress: number, stores: readonly Store[], chance: Random) {
  const weekday = weekdayOf(day);
  const month = Number(date.slice(5, 7)) - 1;
  const feast = month === 11 && Number(date.slice(8)) < 25;
  const open = weekday <= friday || (weekday === saturday && feast) || (weekday === sunday && chance.chance(0.7));
  if (!open || closed.has(date.slice(5))) return [];
  const weekend = weekday > friday;
  const busy = month === 11 && !feast ? 0.6 : (season[month] ?? 1);
  return stores
    .filter((store) => store.lines > 0 && (weekend ? store.lines > 50 : store.weekdays.includes(weekday)))
    .map((store) => {
      const usual = store.lines * busy * (1 + (store.trend - 1) * progress) * (weekend ? 0.1 : 1);
      return { store, count: Math.max(1, Math.round(usual * (0.6 + 0.8 * chance.next()))) };
    });
}

function demand(product: Product, date: string, progress: number): number {
  const warm = warmth[Number(date.slice(5, 7)) - 1] ?? 0;
  return product.weight * (1 + (product.trend - 1) * progress) * (1 + (product.warm - 1) * warm);
}

/** Some loose bottles, mostly whole cases, now and then a lorry. */
function bottles(product: Product, chance: Random): number {
  const size = chance.next();
  if (size < 0.35) return chance.between(1, 5);
  if (size < 0.9) return product.pack * chance.between(1, 2);
  if (size < 0.9995) return product.pack * chance.between(3, 6);
  return product.pack * Math.ceil(1000 / product.pack);
}

function returned(line: SalesLine, date: string, lineId: string, chance: Random): SalesLine {
  const quantity = -(chance.chance(0.5) ? line.quantity : chance.between(1, line.quantity));
  return { ...line, date, lineId, quantity, cents: quantity * line.product.price };
}
