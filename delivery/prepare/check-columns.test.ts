import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault, showPlace } from '#engine';
import { loadReports } from '../report/load.ts';
import { checkColumns } from './check-columns.ts';

const text = `title: Daily sales
datasets: { stores: stores.sql }
headline: { sales: sum(stores.amont) }
document:
  - kpis:
      - { title: Sales, value: sum(stores.amount), change: "growth(sum(stores.amount), sum(stores.befor))" }
  - table:
      data: stores
      total: [amount, quantitty]
  - table:
      data: stores
      columns:
        - { name: store }
        - { name: amonut }
  - chart: { kind: bar, data: stores, x: stor, y: amount }
  - movers: { data: stores, name: store, now: amount, before: beforre }
formats: [csv]
`;

test('each column that a dataset does not have is named at its line, all at once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tiffin-columns-'));
  try {
    await mkdir(join(root, 'reports/daily'), { recursive: true });
    await writeFile(join(root, 'reports/daily/report.yml'), text);
    await writeFile(join(root, 'reports/daily/stores.sql'), 'select 1');
    await writeFile(join(root, 'reports/formats.yml'), 'growth: { kind: growth }\n');
    const { reports, problems } = await loadReports(root);
    expect(problems).toEqual([]);
    const [report] = reports;
    if (report === undefined) throw new Error('no report');
    const columns = ['store', 'amount', 'before', 'quantity'].map((name) => ({ name, type: 'text' as const }));
    const datasets = new Map([['stores', { name: 'stores', columns, rows: [] }]]);
    let fault: unknown;
    try {
      checkColumns(report, datasets);
    } catch (error) {
      fault = error;
    }
    const found = fault instanceof Fault ? fault.problems : [];
    expect(found.map((one) => `${showPlace(one)} ${one.message.split(' ').at(-1)} ${one.hint}`)).toEqual([
      'reports/daily/report.yml:3:20 "amont" Did you mean "amount"?',
      'reports/daily/report.yml:6:60 "befor" Did you mean "before"?',
      'reports/daily/report.yml:9:23 "quantitty" Did you mean "quantity"?',
      'reports/daily/report.yml:14:19 "amonut" Did you mean "amount"?',
      'reports/daily/report.yml:15:42 "stor" Did you mean "store"?',
      'reports/daily/report.yml:16:63 "beforre" Did you mean "before"?',
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});
