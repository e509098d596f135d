import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { type Database, sql } from '../database.ts';
import { classify, sqlErrorOf } from '../sql-error.ts';
import { caught, watch } from './watch.ts';

/** What a single statement does: its values, its mistakes, its end. */
export function statementContract(open: () => Database): void {
  const { count, ended, running } = watch(open);

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
