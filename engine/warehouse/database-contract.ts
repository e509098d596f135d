import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { type Database, type Session, sql } from './database.ts';
import { classify, sqlErrorOf } from './sql-error.ts';

/** What every adapter of the `Database` port does alike. `open` gives an empty database, the same at each call. */
export function databaseContract(open: () => Database): void {
  const caught = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'nothing',
      (error) => error,
    );
  const running = async (text: string): Promise<number> => {
    const rows = await open().query<{ n: number }>(
      sql`select count(*)::int as n from pg_stat_activity where state = 'active' and query like ${`%${text}%`} and pid <> pg_backend_pid()`,
    );
    return rows[0]?.n ?? 0;
  };
  /** The caller has a statement's error a moment before the server shows its session as idle. */
  const ended = (text: string) => vi.waitUntil(async () => (await running(text)) === 0, { timeout: 5_000 });
  const count = async (table: string): Promise<unknown> => {
    const [row] = await open().query(sql`select count(*)::int as n from ${sql.ident(table)}`);
    return row?.['n'];
  };

  test('values are exact, and the same from every server', async () => {
    const [row] = await open().query(sql`
      select 1.50::numeric as n, 9007199254740993 as big, (-7)::smallint as small, 7 as int, 1.1::float8 as float,
             'NaN'::float8 as nan, 0.1::float4 as real, true as yes, date '2021-12-21' as day,
             timestamp '2021-12-21 08:00:00' as local, timestamptz '2021-12-21 08:00:00+05:30' as instant,
             timestamptz '2021-12-21 08:00:00.25Z' as fine, '{"a":[1,null]}'::jsonb as json, null::text as nothing,
             'é🍛' as text, 'ab'::char(4) as padded, array[1.10, null]::numeric[] as list, array[]::int[] as none,
             interval '1 day 2 hours' as span, count(*) as count, sum(1.5) as sum from generate_series(1, 3)`);
    expect(row).toEqual({
      n: '1.50',
      big: '9007199254740993',
      small: -7,
      int: 7,
      float: 1.1,
      nan: Number.NaN,
      real: 0.1,
      yes: true,
      day: '2021-12-21',
      local: '2021-12-21 08:00:00',
      instant: '2021-12-21T02:30:00Z',
      fine: '2021-12-21T08:00:00.250000Z',
      json: { a: [1, null] },
      nothing: null,
      text: 'é🍛',
      padded: 'ab  ',
      list: ['1.10', null],
      none: [],
      span: '1 day 02:00:00',
      count: '3',
      sum: '4.5',
    });
  });

  test('every session keeps UTC, be it one of the pool, of a transaction, of a run or of a load', async () => {
    const zone = sql`select current_setting('TimeZone') as zone, timestamptz '2021-12-21 08:00' as at`;
    const utc = [{ zone: expect.stringMatching(/UTC$/), at: '2021-12-21T08:00:00Z' }];
    expect(await open().query(zone)).toEqual(utc);
    expect(await open().transaction((tx) => tx.query(zone))).toEqual(utc);
    expect(await Array.fromAsync(open().stream(zone))).toEqual(utc);
    await open().run(sql`create table moments as select timestamptz '2021-12-21 08:00' as at`);
    await open().copyIn({ schema: 'public', name: 'moments' }, ['at'], Readable.from(['2021-12-21 08:00\n']));
    expect(await open().query(sql`select distinct at from moments`)).toEqual([{ at: '2021-12-21T08:00:00Z' }]);
  });

  test('values travel as parameters, whatever they hold', async () => {
    const text = `'; drop table x; -- \\ $1 "`;
    expect(await open().query(sql`select ${text}::text as a, ${null}::int as b, ${['x', "y'"]}::text[] as c`)).toEqual([
      { a: text, b: null, c: ['x', "y'"] },
    ]);
  });

  test('a statement is one, however many semicolons stand in its strings', async () => {
    expect(await open().query(sql`select E'a\\';b' as a, ';' as b -- ; "`)).toEqual([{ a: "a';b", b: ';' }]);
    const two = await caught(open().run(sql`select 1; select 2`));
    expect(two).toMatchObject({ code: 'failed', cause: { sqlState: '42601' } });
  });

  test('an error of SQL tells state and place, and leaves the database usable', async () => {
    const statement = sql`select 1 as one,\n       ${2}::int + oops as two`;
    for (const act of [
      () => open().query(statement),
      () => open().run(statement),
      () => open().describe(statement),
      () => open().transaction((tx) => tx.query(statement)),
      () => Array.fromAsync(open().stream(statement)),
    ]) {
      const error = await caught(act());
      expect(error).toMatchObject({
        code: 'failed',
        message: 'column "oops" does not exist (line 2, column 18) [42703]',
      });
      expect(sqlErrorOf(error)).toMatchObject({ sqlState: '42703', line: 2, column: 18 });
      expect(classify(error)).toBe('permanent');
    }
    expect(await open().query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

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

  test('run counts the rows it wrote', async () => {
    expect(await open().run(sql`create table made as select i from generate_series(1, ${1_234}::int) i`)).toEqual({
      rowCount: 1_234,
    });
    expect(await open().run(sql`delete from made where i <= 34`)).toEqual({ rowCount: 34 });
    expect(await open().run(sql`drop table made`)).toEqual({ rowCount: 0 });
  });

  test('run, aborted, is cancelled on the server', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const over = open().run(sql`select pg_sleep(60) as run_sleeps`, stop.signal);
    await vi.waitUntil(() => running('run_sleeps'), { timeout: 10_000 });
    stop.abort(reason);
    expect(await caught(over)).toBe(reason);
    await ended('run_sleeps');
    expect(await caught(open().run(sql`select 1`, AbortSignal.abort(reason)))).toBe(reason);
  });

  test('describe tells columns without performing', async () => {
    await open().query(sql`create table looked_at (id int, note text)`);
    expect(
      await open().describe(sql`
        select 1::bigint as a, ${'x'}::varchar as b, 1.0 as c, 1::float8 as d, now() as e, now()::date as f, true as g,
               localtimestamp as h, '{}'::json as i, 'x'::"char" as j, '127.0.0.1'::inet as k, 1 as "A b", id from looked_at`),
    ).toEqual([
      { name: 'a', kind: 'integer' },
      { name: 'b', kind: 'text' },
      { name: 'c', kind: 'decimal' },
      { name: 'd', kind: 'float' },
      { name: 'e', kind: 'timestamptz' },
      { name: 'f', kind: 'date' },
      { name: 'g', kind: 'boolean' },
      { name: 'h', kind: 'timestamp' },
      { name: 'i', kind: 'json' },
      { name: 'j', kind: 'text' },
      { name: 'k', kind: 'other' },
      { name: 'A b', kind: 'integer' },
      { name: 'id', kind: 'integer' },
    ]);
    expect(await open().describe(sql`insert into looked_at values (1)`)).toEqual([]);
    expect(await count('looked_at')).toBe(0);
  });

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

  test('more at once than there are connections wait their turn', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => open().query(sql`select ${i}::int as i`)));
    expect(answers.flat()).toEqual(Array.from({ length: 30 }, (_, i) => ({ i })));
  });

  test('a lost line is unreachable, and the next call has a new one', async () => {
    const lost = caught(open().query(sql`select pg_sleep(60) as lost_line`));
    await vi.waitUntil(() => running('lost_line'), { timeout: 10_000 });
    await open().query(sql`
      select pg_terminate_backend(pid) from pg_stat_activity where query like '%lost_line%' and pid <> pg_backend_pid()`);
    const error = await lost;
    expect(error).toMatchObject({ code: 'unreachable' });
    expect(classify(error)).toBe('transient');
    expect(await open().query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
}
