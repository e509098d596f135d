import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFolder } from '../../engine/warehouse/open.ts';
import { inFolder, withCluster } from './folder.ts';
import { generateDataform, generateOurs } from './generate.ts';
import { engineCommand, measure, medianOf, type Used } from './measure.ts';
import { printTable, ratio, say, seconds } from './table.ts';

export interface CompileOptions {
  readonly models: readonly number[];
  readonly runs: number;
  /** Install @dataform/cli and measure it on the same graph. */
  readonly dataform: boolean;
}

interface Measured {
  readonly models: number;
  readonly what: string;
  readonly used: Used;
  /** What its CPU time is beside. */
  readonly beside?: Used;
}

/** What it costs to read, check and plan generated projects, cold and warm, beside another tool on the same graph. */
export async function measureCompile({ models, runs, dataform }: CompileOptions): Promise<void> {
  await inFolder(async (root) => {
    const installed = dataform ? installDataform(join(root, 'dataform-cli')) : undefined;
    const measured: Measured[] = [];
    for (const count of models) {
      const ours = await measureOurs(join(root, `ours-${count}`), count, runs);
      const project = join(root, `dataform-${count}`);
      const other = installed ? await measureDataform(installed, project, count, runs) : undefined;
      measured.push(...ours.map((one) => (other ? { ...one, beside: other.used } : one)), ...(other ? [other] : []));
    }
    print(measured, runs);
    if (dataform && !installed) say('@dataform/cli cannot be installed here: skipped');
  });
}

async function measureOurs(project: string, models: number, runs: number): Promise<Measured[]> {
  const [first] = generateOurs(project, models);
  const once = (command: string) => measure(process.execPath, [engineCommand, command], { cwd: project });
  const changed = (command: string) =>
    medianOf(runs, () => {
      if (first) appendFileSync(join(project, first), '-- changed\n');
      return once(command);
    });
  const found: Measured[] = [{ models, what: 'engine ls, cold', used: await once('ls') }];
  found.push({ models, what: 'engine ls, warm', used: await medianOf(runs, () => once('ls')) });
  await withCluster(clusterFolder(project), async () => {
    // Before any command that parses: cold, `plan` reads every text for columns that are not there.
    found.push({ models, what: 'engine plan, all to build, cold', used: await once('plan') });
    found.push({ models, what: 'engine plan, all to build, warm', used: await medianOf(runs, () => once('plan')) });
    found.push({ models, what: 'engine plan, a model changed', used: await changed('plan') });
  });
  found.push({ models, what: 'engine check, a model changed', used: await changed('check') });
  return found;
}

/** @dataform/cli in a folder of its own; undefined where npm cannot have it. */
function installDataform(folder: string): string | undefined {
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
    return undefined;
  }
}

async function measureDataform(folder: string, project: string, models: number, runs: number): Promise<Measured> {
  generateDataform(project, models);
  // Its sandbox refuses a link.
  cpSync(join(folder, 'node_modules/@dataform/core'), join(project, 'node_modules/@dataform/core'), {
    recursive: true,
  });
  const words = [join(folder, 'node_modules/.bin/dataform'), 'compile', project, '--json', '--timeout', '10m'];
  const used = await medianOf(runs, () => measure(process.execPath, words, { cwd: project }));
  return { models, what: 'dataform compile', used };
}

function print(measured: readonly Measured[], runs: number): void {
  printTable(
    `Reading and planning projects: CPU of the command and what it starts, the median of ${runs} but for cold`,
    [
      { heading: 'models', figure: true },
      { heading: 'command' },
      { heading: 'CPU s', figure: true },
      { heading: 'wall s', figure: true },
      { heading: 'peak MB', figure: true },
      { heading: 'CPU beside dataform', figure: true },
    ],
    measured.map(({ models, what, used, beside }) => [
      String(models),
      used.code === 0 ? what : `${what} (exit ${used.code})`,
      seconds(used.cpuSeconds),
      seconds(used.wallSeconds),
      used.peakMegabytes.toFixed(0),
      beside ? ratio(used.cpuSeconds, beside.cpuSeconds) : '',
    ]),
  );
}
