import { join } from 'node:path';
import type { Cell, Column, Dataset, Datasets } from '../query/dataset.ts';
import { loadReports } from '../report/load.ts';
import type { Report } from '../report/schema.ts';
import { compose } from './compose.ts';
import { dayAfter } from './date.ts';
import { add, divide, growthOf, parseDecimal, subtract, toText } from './decimal.ts';
import type { Document } from './document.ts';
import type { ComposeFacts } from './facts.ts';

/** Made-up datasets of the sample report, for tests: the same seed gives the same rows. */
export interface MadeUp {
  readonly seed?: number;
  readonly stores?: number;
  readonly categories?: number;
  readonly brands?: number;
  readonly products?: number;
  /** Names for the first stores. */
  readonly names?: readonly string[];
}

type Random = () => number;

/** mulberry32: small, seeded, the same everywhere. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const cents = (amount: number) => toText({ units: BigInt(Math.round(amount * 100)), scale: 2 });
const growthText = (now: string, before: string): Cell => {
  const growth = growthOf(parseDecimal(now), parseDecimal(before));
  return growth ? toText(growth) : null;
};

interface Sales {
  readonly quantity: string;
  readonly amount: string;
  readonly usual: string;
  readonly week: string;
  readonly before: string;
}

/** Now and then a key that is new, one that has stopped, one that took back more than it sold, one that did not move. */
function salesOf(random: Random, size: number): Sales {
  const kind = random();
  const before = kind < 0.03 ? 0 : kind < 0.05 ? -random() * 90 : size * (0.4 + random());
  const week = kind < 0.02 ? 0 : kind > 0.97 ? before : size * (0.4 + random());
  const amount = random() < 0.3 ? 0 : (week / 7) * (0.5 + random());
  return {
    quantity: String(Math.round(amount / 14)),
    amount: cents(amount),
    usual: toText(divide(parseDecimal(cents(before)), parseDecimal('7'), 6)),
    week: cents(week),
    before: cents(before),
  };
}

const towns = ['Ames', 'Ankeny', 'Dubuque', 'Waterloo', 'Sioux City', 'Davenport', 'Iowa City', 'Cedar Rapids'];
const houses = [
  "Fareway's",
  'Corner & Sons',
  'Hill Top',
  'Lake Street Market',
  'Old Mill',
  'North End',
  'Prairie Foods',
];
const pick = <T>(random: Random, list: readonly T[]) => list[Math.floor(random() * list.length)] ?? list[0];

const columns = (key: string, name: string): readonly Column[] => [
  { name: key, type: 'text' },
  { name, type: 'text' },
  { name: 'quantity', type: 'integer' },
  { name: 'amount', type: 'decimal' },
  { name: 'vs_avg_pct', type: 'decimal' },
  { name: 'usual_amount', type: 'decimal' },
  { name: 'sum_7d', type: 'decimal' },
  { name: 'previous_sum_7d', type: 'decimal' },
  { name: 'change_7d', type: 'decimal' },
  { name: 'growth_7d_pct', type: 'decimal' },
  { name: 'week_before_amount', type: 'decimal' },
];

function rowOf(key: string, name: string, sales: Sales): readonly Cell[] {
  const change = toText(subtract(parseDecimal(sales.week), parseDecimal(sales.before)));
  const [onUsual, growth] = [growthText(sales.amount, sales.usual), growthText(sales.week, sales.before)];
  return [
    key,
    name,
    sales.quantity,
    sales.amount,
    onUsual,
    sales.usual,
    sales.week,
    sales.before,
    change,
    growth,
    sales.usual,
  ];
}

function datasetOf(name: string, key: string, label: string, rows: readonly (readonly Cell[])[]): Dataset {
  const week = 6;
  const ordered = [...rows].sort((a, b) => Number(b[week]) - Number(a[week]));
  return { name, columns: columns(key, label), rows: ordered };
}

/** The five datasets of `reports/daily_sales` for 2021-12-21. */
export function madeUpDatasets(made: MadeUp = {}): Datasets {
  const random = randomOf(made.seed ?? 1);
  const many = (count: number, size: number, nameOf: (index: number) => string) =>
    Array.from({ length: count }, (_, index) =>
      rowOf(String(2500 + index), nameOf(index), salesOf(random, size * (0.2 + random() * random() * 4))),
    );
  const store = (index: number) =>
    made.names?.[index] ?? `${pick(random, houses)} #${index + 1} / ${pick(random, towns)}`;
  const item = (index: number) =>
    `${pick(random, towns)} ${pick(random, ['Rye', 'Gin', 'Rum', 'Cordial'])} ${index + 1}`;
  const stores = datasetOf('stores', 'store_id', 'store_name', many(made.stores ?? 60, 9000, store));
  const categories = datasetOf(
    'categories',
    'category',
    'category_name',
    many(made.categories ?? 49, 12000, (index) => (index === 7 ? '(unknown)' : `${item(index)} & MORE`.toUpperCase())),
  );
  const brands = datasetOf(
    'brands',
    'brand',
    'brand_name',
    many(made.brands ?? 214, 4000, (i) => `${item(i)} Company`),
  );
  const products: Dataset = {
    name: 'products',
    columns: [
      ...['item_id', 'item_name', 'brand_name'].map((name): Column => ({ name, type: 'text' })),
      ...columns('', '').filter(({ name }) => /^(amount|sum_7d|previous_sum_7d|change_7d|growth_7d_pct)$/.test(name)),
    ],
    rows: many(made.products ?? 300, 700, item)
      .map((row) => [row[0], row[1], 'Made Up Spirits', row[3], ...row.slice(6, 10)].map((cell) => cell ?? null))
      .sort((a, b) => Math.abs(Number(b[6])) - Math.abs(Number(a[6]))),
  };
  return new Map([stores, categories, brands, products, trend(random, stores)].map((one) => [one.name, one]));
}

function trend(random: Random, stores: Dataset): Dataset {
  const today = stores.rows.reduce((sum, row) => add(sum, parseDecimal(String(row[3]))), parseDecimal('0'));
  const rows = Array.from({ length: 28 }, (_, index): readonly Cell[] => {
    const day = dayAfter('2021-11-24', index);
    if (index === 27) return [day, toText(today)];
    return [day, index % 7 === 3 ? null : cents(Number(toText(today)) * (0.5 + random()))];
  });
  return {
    name: 'trend',
    columns: [
      { name: 'sale_date', type: 'date' },
      { name: 'amount', type: 'decimal' },
    ],
    rows,
  };
}

/** What the made-up documents are told besides their rows. */
export const madeUpFacts: ComposeFacts = {
  slot: '2021-12-21',
  period: { from: '2021-12-21', until: '2021-12-22' },
  timezone: 'Asia/Kolkata',
  vars: { currency: 'USD' },
  run: 'r1',
  madeAt: new Date('2021-12-22T02:30:00Z'),
  dataUntil: '2021-12-22',
};

/** The sample report as it stands in the project. */
export async function sampleReport(): Promise<Report> {
  const { reports } = await loadReports(join(import.meta.dirname, '../..'));
  const report = reports.find(({ name }) => name === 'daily_sales');
  if (report === undefined) throw new Error('the sample report has problems');
  return report;
}

/** The sample report over made-up rows. */
export async function madeUpDocument(made: MadeUp = {}, facts: Partial<ComposeFacts> = {}): Promise<Document> {
  return compose(await sampleReport(), madeUpDatasets(made), { ...madeUpFacts, ...facts });
}
