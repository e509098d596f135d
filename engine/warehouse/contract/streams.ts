import { expect, test, vi } from 'vitest';
import { type Database, sql } from '../database.ts';
import { caught, watch } from './watch.ts';

/** Rows that come one after another, to their end or not. */
export function streamContract(open: () => Database): void {
  const { ended, running } = watch(open);

  test('a stream gives all rows in order', async () => {
    let sum = 0;
    let last = 0;
    for await (const { i } of open().stream<{ i: number }>(
      sql`select i from generate_series(1, ${12_001}::int) i order by i`,
    )) {
      expect(i).toBe(last + 1);
      last = i;
      sum += i;
    }
    expect(sum).toBe((12_001 * 12_002) / 2);
  });

  test('a stream that is left, or aborted, stops its statement', async () => {
    const slow = sql`select i, pg_sleep(0.001) from generate_series(1, 1000000) i /* slow_stream */`;
    for await (const row of open().stream<{ i: number }>(
      sql`select i from generate_series(1, 9000000) i /* slow_stream */`,
    )) {
      if (row.i === 7_000) break;
    }
    await ended('slow_stream');
    const stop = new AbortController();
    const reason = new Error('enough');
    const over = Array.fromAsync(open().stream(slow, stop.signal));
    await vi.waitUntil(() => running('slow_stream'), { timeout: 10_000 });
    stop.abort(reason);
    expect(await caught(over)).toBe(reason);
    await ended('slow_stream');
  });

  test('a stream fails in its midst, and what its reader throws passes', async () => {
    const rows = open().stream(sql`select 1 / (9000 - i) as i from generate_series(1, 10000) i`);
    expect(await caught(Array.fromAsync(rows))).toMatchObject({ code: 'failed', cause: { sqlState: '22012' } });
    const mine = new Error('mine');
    const reader = async () => {
      for await (const _ of open().stream(sql`select i from generate_series(1, 100000) i`)) throw mine;
    };
    expect(await caught(reader())).toBe(mine);
  });

  test('a transaction goes on after a stream in it was left', async () => {
    await open().transaction(async (tx) => {
      for await (const _ of tx.stream(sql`select i from generate_series(1, 100000) i`)) break;
      expect(await tx.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    });
  });
}
