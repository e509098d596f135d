// Letters a second and the memory they take, beside other ways to set them; the daily report in each format:
//   node bench/render/bench.ts [--letters 400] [--flat 2000]
// The letter: three pages in Hindi and English, sixty instalments. Ours is composed, drawn, read back and compared with its
// data; the others only draw. CPU is what counts on a machine that others share.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { letterOf, letterReport, wordsOf } from './letters.ts';
import { chromiumPrint, type Took, typst, weasyprint, wkhtmltopdf } from './others.ts';
import { timeReport } from './report.ts';

const { values } = parseArgs({
  options: { letters: { type: 'string', default: '400' }, flat: { type: 'string', default: '2000' } },
});
const letters = Number(values.letters);
const say = (line = '') => process.stdout.write(`${line}\n`);
const root = mkdtempSync(join(tmpdir(), 'tiffin-bench-'));

interface Ours {
  readonly perSecond: number;
  readonly cpu: number;
  readonly compose?: number;
  readonly draw?: number;
  readonly read?: number;
  readonly megabytes: readonly number[];
}

function ours(threads: number, count: number): Ours {
  const script = join(import.meta.dirname, 'ours.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, String(threads), String(count)]);
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout)) as Ours;
}

const cell = (text: string | number | undefined) => String(text ?? '').padStart(10);
const row = (name: string, ...cells: readonly (string | number | undefined)[]) =>
  say(`${name.padEnd(44)}${cells.map(cell).join('')}`);

try {
  say(`load ${loadavg()[0]?.toFixed(1)} at the start`);
  row('letters', '/s', 'CPU ms', 'MB');
  const alone = ours(0, letters);
  row('tiffin, drawn and read back', alone.perSecond, alone.cpu, Math.max(...alone.megabytes));
  row('  of which composed', '', alone.compose);
  row('  of which drawn', '', alone.draw);
  row('  of which read back and compared', '', alone.read);
  for (const threads of [1, 2]) {
    const made = ours(threads, letters);
    row(`tiffin, ${threads} thread${threads > 1 ? 's' : ''}`, made.perSecond, made.cpu, Math.max(...made.megabytes));
  }
  const report = await letterReport();
  const some = (count: number) => Array.from({ length: count }, (_, number) => wordsOf(letterOf(report, number)));
  const others: readonly (readonly [string, Took])[] = [
    ['typst (compiler for Node)', typst(join(root, 'typst'), some(letters / 4))],
    ['WeasyPrint, in one process', weasyprint(join(root, 'weasyprint'), some(letters / 40))],
    ['wkhtmltopdf, a process each', wkhtmltopdf(join(root, 'wkhtmltopdf'), some(letters / 40))],
    ["Chromium's print, one page", await chromiumPrint(some(letters / 20))],
  ];
  for (const [name, took] of others) {
    if (took.kind === 'skipped') row(name, 'skipped:', took.why);
    else {
      const times = took.cpu === undefined ? '' : `${(took.cpu / (alone.draw ?? 1)).toFixed(1)} x`;
      row(name, took.perSecond.toFixed(1), took.cpu?.toFixed(1), '', times);
    }
  }
  say('x: how many times the CPU that ours takes to draw');
  say();
  const flat = ours(0, Number(values.flat));
  say(`MB by tenths of ${values.flat} letters: ${flat.megabytes.join(' ')}`);
  say();
  const times = await timeReport(5);
  row('daily report, six pages, ms', 'PDF', 'XLSX', 'PNG', 'print');
  row('  drawn and read back', ...[times.pdf, times.xlsx, times.png, times.chromium].map((ms) => ms?.toFixed(0)));
  say(`load ${loadavg()[0]?.toFixed(1)} at the end`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
