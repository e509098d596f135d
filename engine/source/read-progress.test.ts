import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { openCsv } from './csv.ts';
import { type ReadProgress, tellReading } from './read-progress.ts';

test('tells how far a packed file is, in its bytes on disk, and no more once it is disposed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const packed = gzipSync(`day\n${'2021-09-01\n'.repeat(1000)}`);
  const path = join(mkdtempSync(join(tmpdir(), 'tiffin-reading-')), 'lines.csv.gz');
  writeFileSync(path, packed);
  const told: ReadProgress[] = [];
  let watch: Disposable | undefined;
  const csv = openCsv(path, (file) => {
    watch = tellReading(file, packed.length, (progress) => told.push(progress));
  });
  vi.advanceTimersByTime(1000);
  await text(csv);
  vi.advanceTimersByTime(1000);
  watch?.[Symbol.dispose]();
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([
    { bytes: 0, of: packed.length },
    { bytes: packed.length, of: packed.length },
  ]);
  vi.useRealTimers();
});
