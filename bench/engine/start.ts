import { spawnSync } from 'node:child_process';
import { cpuOfEndedChildren, engineCommand, house } from './measure.ts';
import { median, millis, printTable } from './table.ts';

/** The processes whose start is measured, each cold: nothing is kept from one to the next. */
const starts = [
  { what: 'node -e 0', words: ['-e', '0'] },
  { what: 'engine --help', words: [engineCommand, '--help'] },
  { what: 'engine ls, the sample project', words: [engineCommand, 'ls'] },
  { what: 'engine check, the sample project', words: [engineCommand, 'check'] },
];

/** How long commands take that do next to nothing, beside an empty Node process. */
export function measureStart(runs: number): void {
  const rows = starts.map(({ what, words }) => {
    const wall: number[] = [];
    const before = cpuOfEndedChildren();
    for (let run = 0; run < runs; run += 1) {
      const began = performance.now();
      const { status, stderr } = spawnSync(process.execPath, words, { cwd: house, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${what}: ${stderr}`);
      wall.push(performance.now() - began);
    }
    return [what, millis(((cpuOfEndedChildren() - before) / runs) * 1000), millis(median(wall))];
  });
  printTable(
    `Start: mean CPU and median wall time of ${runs} cold processes`,
    [{ heading: 'process' }, { heading: 'CPU ms', figure: true }, { heading: 'wall ms', figure: true }],
    rows,
  );
}
