// What the engine costs: node bench/engine/all.ts [--only start,reading,compile,windows,kpi] [--runs 3] [--rounds 5]
//   [--models 1000,5000] [--stores 200,1000] [--no-dataform]. All of it takes some minutes; Linux only.
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { openEmbedded } from '../../engine/warehouse/embedded-database.ts';
import { measureCompile } from './compile.ts';
import { inFolder, withCluster } from './folder.ts';
import { measureKpi } from './kpi.ts';
import { measureReading } from './reading.ts';
import { measureStart } from './start.ts';
import { measureRecord, measureWindows } from './windows.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'start,reading,compile,windows,kpi' },
    runs: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    models: { type: 'string', default: '1000,5000' },
    stores: { type: 'string', default: '200,1000' },
    'no-dataform': { type: 'boolean', default: false },
  },
});
const parts = new Set(values.only.split(','));
const numbers = (text: string) => text.split(',').map(Number);
const runs = Number(values.runs);

const [cpu] = cpus();
const machine = `${cpus().length} x ${cpu?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}`;
process.stdout.write(`${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine}\n`);

if (parts.has('start')) measureStart(10);
if (parts.has('reading')) await measureReading(1000, Number(values.rounds));
if (parts.has('compile')) {
  await measureCompile({ models: numbers(values.models), runs, dataform: !values['no-dataform'] });
}
if (parts.has('windows')) {
  measureWindows(10, runs);
  await inFolder((folder) =>
    withCluster(folder, async () => {
      await using database = await openEmbedded(folder, 'warehouse');
      await measureRecord(database, 10, runs);
    }),
  );
}
if (parts.has('kpi')) {
  for (const stores of numbers(values.stores)) {
    await inFolder((folder) => measureKpi(folder, { rounds: Number(values.rounds), stores }));
  }
}
