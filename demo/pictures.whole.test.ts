import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPng, writePng } from '../delivery/render/png-bytes.ts';
import { stopCluster } from '../engine/warehouse/embedded.ts';
import { clusterFolder } from '../engine/warehouse/open.ts';
import { generateSales } from './generate.ts';
import { picturesOf, smaller, unlikeness } from './pictures.ts';

/** Golden pictures, every page of every report. `UPDATE_PICTURES=1` draws them anew: then look at them. */
const house = fileURLToPath(new URL('..', import.meta.url));
const golden = join(house, 'docs', 'pictures');
const root = mkdtempSync(join(tmpdir(), 'tiffin-pictures-'));

beforeAll(async () => {
  for (const part of ['engine', 'delivery', 'models', 'reports', 'dags', 'project.yml', 'package.json'])
    cpSync(join(house, part), join(root, part), { recursive: true });
  symlinkSync(join(house, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'sales'));
  await generateSales(join(root, 'sales'));
  await command('engine/main.mjs', 'run', '--target', 'demo');
});
afterAll(async () => {
  await stopCluster(clusterFolder(root));
  rmSync(root, { recursive: true, force: true });
});

async function command(...words: readonly string[]): Promise<void> {
  const env = { ...process.env, SALES_DATA: join(root, 'sales'), SMTP_URL: 'smtp://127.0.0.1:9' };
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const [errors] = await Promise.all([text(child.stderr), closed]);
  expect(child.exitCode, errors).toBe(0);
}

const phones = existsSync(process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium');

test.each([
  ['daily_sales', ['--date', '2022-02-28']],
  ['weekly_sales', ['--date', '2022-02-27']],
  ['monthly_sales', ['--date', '2022-02-28']],
  ['store_daily', ['--date', '2022-02-28', '--edition', '2401']],
  ['store_weekly', ['--date', '2022-02-27', '--edition', '2247']],
  ['store_monthly', ['--date', '2022-02-28', '--edition', '2100']],
  ['loan_letter', ['--date', '2022-02-28', '--edition', 'L00001']],
  ['loan_letter', ['--date', '2022-02-28', '--edition', 'L00002']],
  ['loan_letter', ['--date', '2022-02-28', '--edition', 'L00003']],
  ['loan_letter', ['--date', '2022-02-28', '--edition', 'L00004']],
] satisfies [string, string[]][])('the pages of %s %s look as they were found good', async (report, asked) => {
  const shown = ['preview', report, ...asked, '--target', 'demo'];
  rmSync(join(root, 'var', 'preview'), { recursive: true, force: true });
  await command('delivery/main.mjs', ...shown, '--format', 'pdf');
  if (phones && report !== 'loan_letter') await command('delivery/main.mjs', ...shown, '--format', 'png');
  const files = globSync('var/preview/**/*.{pdf,png}', { cwd: root }).sort();
  expect(files.length).toBeGreaterThan(0);
  const name = [report, ...asked.slice(3)].join('-');
  const drawn: string[] = [];
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    const pictures = file.endsWith('.png') ? [writePng(smaller(readPng(bytes), 4))] : await picturesOf(bytes, 1);
    for (const [page, picture] of pictures.entries()) {
      const path = join(golden, `${name}-${file.endsWith('.png') ? 'phone' : page + 1}.png`);
      drawn.push(basename(path));
      if (process.env['UPDATE_PICTURES'] === '1' || !existsSync(path)) {
        mkdirSync(golden, { recursive: true });
        writeFileSync(path, picture);
      }
      const difference = unlikeness(readPng(readFileSync(path)), readPng(picture));
      expect(difference, `${basename(path)}; UPDATE_PICTURES=1 draws it anew`).toBeLessThan(0.04);
    }
  }
  const gone = globSync(`${name}-{[0-9]*,phone}.png`, { cwd: golden }).filter((one) => !drawn.includes(one));
  const pages = phones ? gone : gone.filter((one) => !one.endsWith('-phone.png'));
  if (process.env['UPDATE_PICTURES'] === '1') for (const page of pages) rmSync(join(golden, page));
  else expect(pages, 'pages that are no more; UPDATE_PICTURES=1 takes them away').toEqual([]);
});
