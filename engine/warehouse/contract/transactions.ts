import { expect, test, vi } from 'vitest';
import { type Database, type Session, sql } from '../database.ts';
import { classify, sqlErrorOf } from '../sql-error.ts';
import { caught, watch } from './watch.ts';

/** What a transaction keeps, sees and gives up. */
export function transactionContract(open: () => Database): void {
  const { count, ended, running } = watch(open);

  test('a transaction commits when its work returns and rolls back when it throws', async () => {
    await open().query(sql`create table kept (id int primary key)`);
    expect(await open().transaction((tx) => tx.query(sql`insert into kept values (1) returning id`))).toEqual([
      { id: 1 },
    ]);
    const mine = new Error('mine');
    const error = await caught(
      open().transaction(async (tx) => {
        await tx.query(sql`insert into kept values (2)`);
        throw mine;
      }),
    );
    expect(error).toBe(mine);
    expect(await count('kept')).toBe(1);
    const twice = await caught(open().transaction((tx) => tx.query(sql`insert into kept values (1)`)));
    expect(classify(twice)).toBe('conflict');
    expect(sqlErrorOf(twice)).toMatchObject({ sqlState: '23505', constraint: 'kept_pkey' });
  });

  test('a snapshot reads one moment throughout', async () => {
    await open().query(sql`create table moving as select 1 as n`);
    const reading = sql`select n from moving`;
    const seen = await open().transaction(
      async (tx) => {
        const before = await tx.query(reading);
        await open().query(sql`update moving set n = 2`);
        return [before, await tx.query(reading), await Array.fromAsync(tx.stream(reading))];
      },
      { isolation: 'snapshot', readOnly: true },
    );
    expect(seen).toEqual([[{ n: 1 }], [{ n: 1 }], [{ n: 1 }]]);
    expect(await open().query(reading)).toEqual([{ n: 2 }]);
  });

  test('reading only does not write', async () => {
    await open().query(sql`create table untouched as select 1 as n`);
    const error = await caught(open().transaction((tx) => tx.query(sql`delete from untouched`), { readOnly: true }));
    expect(error).toMatchObject({ code: 'failed', cause: { sqlState: '25006' } });
  });

  test('a failed statement fails its transaction, though the work makes nothing of it', async () => {
    await open().query(sql`create table believed (id int primary key)`);
    for (const fail of [
      (tx: Session) => tx.query(sql`select 1 / 0`),
      (tx: Session) => Array.fromAsync(tx.stream(sql`select 1 / 0`)),
    ]) {
      const over = open().transaction(async (tx) => {
        await tx.query(sql`insert into believed values (1)`);
        await caught(fail(tx));
      });
      expect(await caught(over)).toMatchObject({ code: 'failed', cause: { sqlState: '22012' } });
    }
    expect(await count('believed')).toBe(0);
  });

  test('a write against a newer row is transient under a snapshot', async () => {
    await open().query(sql`create table contested as select 1 as n`);
    const error = await caught(
      open().transaction(
        async (tx) => {
          await tx.query(sql`select n from contested`);
          await open().query(sql`update contested set n = 2`);
          await tx.query(sql`update contested set n = 3`);
        },
        { isolation: 'snapshot' },
      ),
    );
    expect(sqlErrorOf(error)).toMatchObject({ sqlState: '40001' });
    expect(classify(error)).toBe('transient');
  });

  test('an aborted transaction is cancelled on the server and rolled back', async () => {
    await open().query(sql`create table undone (id int)`);
    const stop = new AbortController();
    const reason = new Error('enough');
    const over = open().transaction(
      async (tx) => {
        await tx.query(sql`insert into undone values (1)`);
        await tx.query(sql`select pg_sleep(60) as transaction_sleeps`);
      },
      { signal: stop.signal },
    );
    await vi.waitUntil(() => running('transaction_sleeps'), { timeout: 10_000 });
    stop.abort(reason);
    expect(await caught(over)).toBe(reason);
    await ended('transaction_sleeps');
    expect(await count('undone')).toBe(0);
  });
}
