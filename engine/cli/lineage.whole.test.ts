import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const house = fileURLToPath(new URL('../..', import.meta.url));

async function engine(...words: string[]) {
  const call = promisify(execFile)(process.execPath, ['engine/main.mjs', ...words], { cwd: house });
  return call.catch((error: { stdout: string; stderr: string; code: number }) => error);
}
const lineage = async (...words: string[]) => (await engine('lineage', ...words)).stdout;

test('a column is followed down to its source and up to the report', async () => {
  const tree = await lineage('store_daily.amount', '--upstream');
  expect(tree).toBe(`kpi.store_daily.amount
  is made from
    staging.sales_lines.amount
      raw.sales_lines.amount
`);
  expect(await lineage('kpi.store_daily.amount', '--downstream')).toContain('    report:daily_sales.stores.amount\n');
  expect(await lineage('raw.sales_lines', '--depth', '1')).toBe(`raw.sales_lines
  goes into
    staging.sales_lines
`);
  expect(await lineage('staging.stores', '--upstream', '--output', 'mermaid')).toBe(
    'graph LR\n  n0["raw.stores"] --> n1["staging.stores"]\n',
  );
});

test('the whole project as JSON: of the sample project every column is known', async () => {
  const { tables, columns, partial, unknown } = JSON.parse(await lineage('--json'));
  expect(tables).toContainEqual(['staging.sales_lines', 'kpi.store_daily']);
  expect(columns).toContainEqual(['staging.sales_lines.amount', 'kpi.store_daily.amount']);
  expect(columns).toContainEqual(['kpi.store_daily.amount', 'report:daily_sales.stores.amount']);
  expect({ partial, unknown }).toEqual({ partial: [], unknown: [] });
});

test('what is not there is wrong usage, with the nearest name', async () => {
  expect(await engine('lineage', 'kpi.store_dialy')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"kpi.store_daily"'),
  });
  expect(await engine('lineage', 'kpi.store_daily.amuont')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"amount"'),
  });
});
