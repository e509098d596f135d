import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sent } from './pace.ts';

/** What a lane has sent and when, without saying to whom: the pace is kept by it, over restarts, too. */
export interface Diary {
  readonly sent: readonly Sent[];
  /** Writes down what is about to be sent; it is on the disk when this returns. */
  add(one: Sent): Promise<void>;
}

/** Milliseconds for which it is remembered. */
const memory = 90 * 24 * 3_600_000;

export async function openDiary(path: string, now: Date): Promise<Diary> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const since = now.getTime() - memory;
  const all = text.split('\n').flatMap(lineOf);
  const sent = all.filter(({ at }) => at >= since);
  if (sent.length < all.length) {
    await writeFile(`${path}.new`, sent.map(textOf).join(''), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
  return {
    sent,
    async add(one) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a', 0o600);
      try {
        await file.appendFile(textOf(one));
        await file.sync();
      } finally {
        await file.close();
      }
      sent.push(one);
    },
  };
}

const textOf = ({ at, fresh }: Sent) => `${at} ${fresh ? 'new' : 'known'}\n`;

/** A line that a crash cut short counts for nothing. */
function lineOf(line: string): Sent[] {
  const [, at, kind] = /^(\d{13}) (new|known)$/.exec(line) ?? [];
  return at === undefined ? [] : [{ at: Number(at), fresh: kind === 'new' }];
}
