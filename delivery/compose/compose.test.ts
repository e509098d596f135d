import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cell, Dataset, Datasets } from '../query/dataset.ts';
import { compose } from './compose.ts';
import { add, compare, parseDecimal, toText, zero } from './decimal.ts';
import { type Table, tablesOf } from './document.ts';
import { madeUpDatasets, madeUpDocument, madeUpFacts, sampleReport } from './made-up.ts';
import { showAlone, showCell, totalLabel } from './present.ts';

const report = await sampleReport();
const sample = madeUpDatasets();

/** The sample's datasets with the rows of one replaced. */
function withRows(name: string, rows: Dataset['rows']): Datasets {
  const datasets = new Map(sample);
  const dataset = datasets.get(name);
  if (dataset) datasets.set(name, { ...dataset, rows });
  return datasets;
}

function tableOf(datasets: Datasets, name: string): Table {
  const table = tablesOf(compose(report, datasets, madeUpFacts)).find((one) => one.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

const store = (name: string, amount: string, usual: string, week: Cell, before: Cell, growth: Cell): Cell[] => [
  name,
  name,
  '2',
  amount,
  null,
  usual,
  week,
  before,
  null,
  growth,
  '0.20',
];

test('the document says who, when and what', async () => {
  const document = await madeUpDocument();
  expect(document).toMatchObject({
    report: 'daily_sales',
    slot: '2021-12-21',
    title: 'Daily sales',
    day: 'Dec 21',
    subtitle: 'Tuesday, December 21, 2021',
    locale: 'en-US',
    test: false,
    madeAt: '2021-12-22T02:30:00.000Z',
    footer: 'daily_sales · 2021-12-21 · run r1 · made Dec 22, 2021, 08:00 (India Standard Time)',
  });
  expect(document.blocks.map((block) => (block.kind === 'table' ? block.table.name : block.kind))).toEqual([
    'kpis',
    'chart',
    'stores_movers',
    'stores',
    'categories',
    'brands',
    'products',
  ]);
  expect(document.notes.at(-1)).toBe('The data is complete up to Tuesday, December 21, 2021.');
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

test('rupees are counted in lakh and dates are written as in India', async () => {
  const document = await madeUpDocument({}, { vars: { currency: 'INR' } });
  expect(document.subtitle).toBe('Tuesday, 21 December 2021');
  const [kpis] = document.blocks;
  expect(kpis?.kind === 'kpis' && kpis.tiles[0] && showAlone(kpis.tiles[0].figure, document.locale).text).toMatch(
    /^₹\d,\d\d,\d{3}$/,
  );
});

test('headline and tiles are exact sums', () => {
  const rows = [
    store('a', '0.10', '1', '0.10', '0.20', '-50.0000'),
    store('b', '0.20', '1', '0.20', '0.20', '0.0000'),
    store('c', '0.00', '0', '0.01', '0.00', null),
  ];
  const document = compose(report, withRows('stores', rows), madeUpFacts);
  expect(document.figures).toEqual({ sales: '0.30', quantity: '6' });
  expect(document.headline?.change?.figure).toMatchObject({ value: '-50.0000', base: '0.60', of: '0.30' });
  const kpis = document.blocks[0];
  const tiles = kpis?.kind === 'kpis' ? kpis.tiles : [];
  expect(tiles[0]?.change).toMatchObject({ value: '-22.5000', base: '0.40', of: '0.31' });
  expect(tiles.map(({ figure, of }) => [figure.value, of?.value])).toEqual([
    ['0.31', undefined],
    ['6', undefined],
    ['2', '3'],
    [null, undefined],
  ]);
});

test('a total is that of the rows shown; growth is that of the sums', () => {
  const rows = [
    store('a', '100.005', '50', '150', '100', '50.0000'),
    store('b', '0.005', '50', '90', '100', '-10.0000'),
    store('c', '1', '20', '60', null, null),
  ];
  const table = tableOf(withRows('stores', rows), 'stores');
  expect(table.totals).toEqual([
    { kind: 'all', cells: ['', '6', '101.010', '-15.8250', '300', '200', '50.0000', '120'] },
  ]);
});

test('pages show the top rows and say so; the table keeps them all, and has both totals', () => {
  const table = tableOf(madeUpDatasets(), 'brands');
  expect([table.shown, table.rows.length]).toEqual([20, 214]);
  const labels = table.totals.map(({ kind }) => totalLabel(table, kind, { locale: 'en-US', workbook: true }));
  expect(labels).toEqual(['Total of the 20 shown', 'All 214, in the workbook']);
  expect(totalLabel(table, 'all', { locale: 'hi-IN', workbook: false })).toBe('सभी 214');
});

test('movers are ordered by what they added or took away, not by per cent', () => {
  const rows = [
    store('small doubled', '1', '1', '20', '10', '100.0000'),
    store('large fell', '1', '1', '900', '1000', '-10.0000'),
    store('same', '1', '1', '5', '5', '0.0000'),
    store('large rose', '1', '1', '1100', '1000', '10.0000'),
    store('unknown', '1', '1', '7', null, null),
    store('new', '1', '1', '15', '0', null),
  ];
  const table = tableOf(withRows('stores', rows), 'stores_movers');
  expect(table.rows.map(([name, , , change]) => `${name} ${change}`)).toEqual([
    'large rose 100',
    'new 15',
    'small doubled 10',
    'large fell -100',
  ]);
  expect(table.groups).toEqual([3]);
  const growth = table.rows.map((row) => showCell(table, row, 4, 'en-US').text);
  expect(growth).toEqual(['+10.0', 'new', '+100.0', '\u221210.0']);
});

test('each dash is explained in the notes', () => {
  const rows = [store('a', '1', '1', '5', null, null), store('b', '1', '1', '5', null, null)];
  const { notes } = compose(report, withRows('stores', rows), madeUpFacts);
  expect(notes).toContain(
    'Stores, Growth: – in 2 rows: nothing sold in the seven days before, or fewer than fourteen days of data.',
  );
  expect(notes.filter((note) => note.startsWith('Growth:'))).toEqual([
    'Growth: the seven days against the seven before',
  ]);
});

test('of a table that is cut the notes count the dashes of the rows shown, and of all', () => {
  const rows = Array.from({ length: 33 }, (_, at) =>
    store(`s${at}`, '1', '1', '5', at < 29 ? '4' : null, at < 29 ? '25' : null),
  );
  const { notes } = compose(report, withRows('stores', rows), madeUpFacts);
  expect(notes.find((note) => note.startsWith('Stores, Growth'))).toMatch(
    /: – in 1 of the rows shown, 4 of all: nothing/,
  );
});

test('no rows at all', () => {
  const empty = [...madeUpDatasets()].map(([name, dataset]) => [name, { ...dataset, rows: [] }] as const);
  const document = compose(report, new Map(empty), madeUpFacts);
  expect(document.headline?.figure.value).toBeNull();
  expect(tablesOf(document).every(({ rows, totals }) => rows.length === 0 && totals.length === 0)).toBe(true);
});

test('a column that the dataset lacks is named with the nearest', () => {
  const datasets = new Map(madeUpDatasets());
  const stores = datasets.get('stores');
  if (stores) {
    const columns = stores.columns.map((column) => (column.name === 'sum_7d' ? { ...column, name: 'sum_7' } : column));
    datasets.set('stores', { ...stores, columns });
  }
  expect(() => compose(report, datasets, madeUpFacts)).toThrow(
    expect.objectContaining({
      code: 'invalid',
      message: expect.stringMatching(/no column "sum_7d"/),
      hint: 'Did you mean "sum_7"?',
    }),
  );
});

test('whatever the rows, the total is their exact sum', () => {
  const cents = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map((units) => toText({ units, scale: 2 }));
  fc.assert(
    fc.property(fc.array(cents, { minLength: 1, maxLength: 40 }), (weeks) => {
      const rows = weeks.map((week, at) => store(String(at), '0', '0', week, week, null));
      const [line] = tableOf(withRows('stores', rows), 'stores').totals;
      const sum = weeks.reduce((so, week) => add(so, parseDecimal(week)), zero);
      expect(compare(parseDecimal(String(line?.cells[4])), sum)).toBe(0);
    }),
    { numRuns: 25 },
  );
});
