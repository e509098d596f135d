import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { type Database, sql } from '../database.ts';
import { caught, watch } from './watch.ts';

/** CSV on its way in. */
export function loadContract(open: () => Database): void {
  const { count, running } = watch(open);

  test('CSV is loaded as it is meant', async () => {
    await open().query(sql`create schema "raw data"`);
    await open().query(sql`create table "raw data"."Sales" (id int, "the ""note" text, amount numeric)`);
    const csv = '1,plain,1.50\n2,"a ""quoted"", text\nwith a line",\n3,,-0\n4,"",7\n';
    const bytes = Readable.from([Buffer.from(csv).subarray(0, 9), Buffer.from(csv).subarray(9)]);
    const table = { schema: 'raw data', name: 'Sales' };
    expect(await open().copyIn(table, ['id', 'the "note', 'amount'], bytes)).toEqual({ rowCount: 4 });
    expect(await open().query(sql`select * from "raw data"."Sales" order by id`)).toEqual([
      { id: 1, 'the "note': 'plain', amount: '1.50' },
      { id: 2, 'the "note': 'a "quoted", text\nwith a line', amount: null },
      { id: 3, 'the "note': null, amount: '0' },
      { id: 4, 'the "note': '', amount: '7' },
    ]);
  });

  test('one bad row stops a load and is named; nothing stays', async () => {
    await open().query(sql`create table loaded (id int not null, amount numeric)`);
    const table = { schema: 'public', name: 'loaded' };
    const load = (text: string) => caught(open().copyIn(table, ['id', 'amount'], Readable.from([text])));
    expect(await load('1,2\n2,3\n3,abc\n')).toMatchObject({
      code: 'failed',
      message: 'column amount: invalid input syntax for type numeric: "abc" [22P02]',
      place: { file: 'public.loaded', line: 3 },
    });
    expect(await load('1,2\n2\n')).toMatchObject({ message: /missing data for column "amount"/, place: { line: 2 } });
    expect(await load('1,2\n,3\n')).toMatchObject({ message: /null value in column "id"/, place: { line: 2 } });
    expect(await load('1,"2\n')).toMatchObject({ message: /unterminated CSV quoted field/ });
    expect(await count('loaded')).toBe(0);
  });

  test('a load ends with its signal, and with what its source throws', async () => {
    await open().query(sql`create table halted (id int)`);
    const table = { schema: 'public', name: 'halted' };
    const mine = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    const broken = Readable.from(
      (async function* () {
        yield '1\n';
        throw mine;
      })(),
    );
    expect(await caught(open().copyIn(table, ['id'], broken))).toBe(mine);
    const stop = new AbortController();
    const reason = new Error('enough');
    const endless = Readable.from(
      (async function* () {
        for (let i = 0; ; i++) {
          if (i === 50_000) stop.abort(reason);
          yield `${i}\n`;
        }
      })(),
    );
    expect(await caught(open().copyIn(table, ['id'], endless, stop.signal))).toBe(reason);
    expect(await count('halted')).toBe(0);
  });

  test('a load that waits for a lock is cancelled, too', async () => {
    await open().query(sql`create table locked (id int)`);
    await open().transaction(async (tx) => {
      await tx.query(sql`lock table locked`);
      const stop = new AbortController();
      const reason = new Error('enough');
      const over = open().copyIn({ schema: 'public', name: 'locked' }, ['id'], Readable.from(['1\n']), stop.signal);
      await vi.waitUntil(() => running('copy "public"."locked"'), { timeout: 10_000 });
      stop.abort(reason);
      expect(await caught(over)).toBe(reason);
    });
  });
}
