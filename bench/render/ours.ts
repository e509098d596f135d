// One process of the bench: draws letters and reads them back, and says as JSON what it took.
//   node bench/render/ours.ts THREADS LETTERS     (0 threads: in the main thread)

import { sideBySide } from '../../delivery/prepare/side-by-side.ts';
import { openPdf } from '../../delivery/render/pdf.ts';
import { openPdfThreads } from '../../delivery/render/pdf-threads.ts';
import { letterOf, letterReport } from './letters.ts';

const [threadCount = 0, letters = 100] = process.argv.slice(2).map(Number);
const warm = 40;
const report = await letterReport();
const { signal } = new AbortController();
const pdf = openPdf();
await using threads = openPdfThreads(Math.max(1, threadCount));
const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);

/** Milliseconds of CPU and of the clock, for composing, drawing and reading back. */
const spent = { compose: 0, draw: 0, read: 0 };
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function make(number: number): Promise<void> {
  const began = cpu();
  const document = letterOf(report, number);
  const composed = cpu();
  spent.compose += composed - began;
  if (threadCount > 0) {
    const making = await threads.make(document, signal);
    if (making.kind !== 'made') throw new Error(JSON.stringify(making));
    return;
  }
  const rendered = await pdf.render(document, { signal });
  const drawn = cpu();
  spent.draw += drawn - composed;
  if (rendered.kind !== 'rendered') throw new Error(rendered.reason);
  const verdict = await pdf.verify(rendered.file, document);
  spent.read += cpu() - drawn;
  if (verdict.kind !== 'right') throw new Error(JSON.stringify(verdict));
}

function* numbers(from: number, until: number) {
  for (let number = from; number < until; number++) {
    // The highest of each tenth: what stays flat does not grow from one to the next.
    const tenth = Math.floor(((number - from) * 10) / (until - from));
    memory[tenth] = Math.max(memory[tenth] ?? 0, megabytes());
    yield number;
  }
}

let memory: number[] = [];
await sideBySide(numbers(0, warm), Math.max(1, threadCount * 2), make, signal);
Object.assign(spent, { compose: 0, draw: 0, read: 0 });
memory = [];
const [began, used] = [performance.now(), cpu()];
await sideBySide(numbers(warm, warm + letters), Math.max(1, threadCount * 2), make, signal);
const [wall, all] = [performance.now() - began, cpu() - used];
const each = (milliseconds: number) => Number((milliseconds / letters).toFixed(1));
process.stdout.write(
  JSON.stringify({
    perSecond: Number(((letters * 1000) / wall).toFixed(1)),
    cpu: each(all),
    ...(threadCount > 0 ? {} : { compose: each(spent.compose), draw: each(spent.draw), read: each(spent.read) }),
    megabytes: memory,
  }),
);
