// What it costs to read, compile and check a project: node bench/engine/compile.ts [--runs 3] [--dataform]
// --dataform installs @dataform/cli into a temporary folder and measures it on the same graph.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateDataform, generateOurs } from './generate.ts';
import { measure, medianOf, type Used } from './measure.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, dataform: { type: 'boolean' } } });
const runs = Number(values.runs);
const engine = fileURLToPath(new URL('../../engine/main.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'tiffin-bench-'));
const say = (line: string) => process.stdout.write(`${line}\n`);

function report(models: number, what: string, used: Used): void {
  const { cpuSeconds, wallSeconds, peakMegabytes, code } = used;
  const cells = [
    String(models).padStart(6),
    what.padEnd(34),
    cpuSeconds.toFixed(2).padStart(7),
    wallSeconds.toFixed(2).padStart(7),
    peakMegabytes.toFixed(0).padStart(7),
  ];
  say(cells.join('  ') + (code === 0 ? '' : `  exit ${code}`));
}

/** @dataform/cli in a folder of its own; undefined, with the reason said, where npm cannot have it. */
function installDataform(): string | undefined {
  const folder = join(root, 'dataform-cli');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  try {
    const packages = ['@dataform/cli@3.0.69', '@dataform/core@3.0.62'];
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...packages], {
      cwd: folder,
      stdio: 'ignore',
    });
    return folder;
  } catch {
    say('@dataform/cli cannot be installed here: skipped');
    return undefined;
  }
}

async function measureDataform(folder: string, models: number): Promise<void> {
  const project = join(root, `dataform-${models}`);
  generateDataform(project, models);
  // Its sandbox refuses a link.
  cpSync(join(folder, 'node_modules/@dataform/core'), join(project, 'node_modules/@dataform/core'), {
    recursive: true,
  });
  const words = [join(folder, 'node_modules/.bin/dataform'), 'compile', project, '--json', '--timeout', '10m'];
  report(models, 'dataform compile', await medianOf(runs, () => measure(process.execPath, words, { cwd: project })));
}

try {
  const dataform = values.dataform ? installDataform() : undefined;
  say(`Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}, the median of ${runs} runs`);
  say('models  command                             CPU s   wall s  peak MB');
  for (const models of [0, 1000, 5000]) {
    const project = join(root, `ours-${models}`);
    const paths = generateOurs(project, models);
    const once = (command: string) => measure(process.execPath, [engine, command], { cwd: project });
    const cold = await once('ls');
    report(models, 'engine ls, the first time', cold);
    report(models, 'engine ls', await medianOf(runs, () => once('ls')));
    const check = await medianOf(runs, () => {
      const [path] = paths;
      if (path) appendFileSync(join(project, path), '-- changed\n');
      return once('check');
    });
    report(models, 'engine check, one model changed', check);
    if (dataform && models > 0) await measureDataform(dataform, models);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
