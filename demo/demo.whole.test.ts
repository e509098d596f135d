import { spawn } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import ExcelJS from 'exceljs';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../engine/warehouse/database.ts';
import { stopCluster } from '../engine/warehouse/embedded.ts';
import { clusterFolder, openTarget } from '../engine/warehouse/open.ts';

/** A copy of the checkout as a stranger has it: its files, and the packages that are installed already. */
const house = fileURLToPath(new URL('..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'tiffin-demo-'));

beforeAll(() => {
  for (const part of ['engine', 'delivery', 'demo', 'models', 'reports', 'dags', 'project.yml', 'package.json']) {
    cpSync(join(house, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(house, 'node_modules'), join(root, 'node_modules'));
});
afterAll(async () => {
  await stopCluster(clusterFolder(root));
  rmSync(root, { recursive: true, force: true });
});

async function demo(): Promise<string> {
  const child = spawn(process.execPath, ['demo/demo.ts'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  expect(child.exitCode, out + errors).toBe(0);
  return out;
}

const mails = () => globSync('var/demo/mailbox/*.eml', { cwd: root });

test('the demo builds, delivers once, and the mailed workbook says what the table says', async () => {
  const first = await demo();
  expect(first).toMatch(/Sent \d+ messages of daily_sales 2022-02-28/);
  const [mail, ...others] = mails();
  expect(others).toHaveLength(2);

  const second = await demo();
  expect(second).toMatch(/Nothing to build: all is current\./);
  expect(second).toMatch(/Nothing sent: the \d+ messages of daily_sales 2022-02-28 went out earlier\./);
  expect(mails()).toHaveLength(3);

  const parsed = await simpleParser(readFileSync(join(root, mail as string)));
  expect(parsed.subject).toMatch(/^Daily sales Feb 28: \$/);
  const attached = parsed.attachments.find((file) => file.filename?.endsWith('.xlsx'));
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(attached?.content as unknown as ArrayBuffer);
  const cells = new Map<string, number>();
  workbook.getWorksheet('Stores')?.eachRow((row) => {
    const [name, , amount] = [1, 2, 3].map((column) => row.getCell(column).value);
    if (typeof name === 'string' && typeof amount === 'number') cells.set(name, (cells.get(name) ?? 0) + amount);
  });

  await using database = await openTarget({ type: 'embedded', database: 'demo' }, { root });
  const rows = await database.query<{ store: string; amount: string }>(
    sql`select s.store_label as store, sum(k.amount)::text as amount from kpi.store_daily k join staging.stores s using (store_id)
        where k.sale_date = '2022-02-28' group by 1`,
  );
  expect(rows.length).toBeGreaterThan(40);
  for (const { store, amount } of rows) expect(cells.get(store), store).toBeCloseTo(Number(amount), 6);
});
