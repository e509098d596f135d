import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { openRecorder } from './recorder.ts';
import { prepareRecord } from './schema.ts';

test('a record made by an earlier version gets the columns that came later, and keeps its rows', async () => {
  await using store = await testDatabase();
  const { database, direct } = store;
  await prepareRecord(database, 'test');
  await direct.query(sql`alter table tiffin_test.builds drop column horizon_at`);
  await direct.query(sql`alter table tiffin_test.loads drop column segments, drop column days`);
  await direct.query(sql`drop table tiffin_test.bad_rows`);
  await direct.query(
    sql`insert into tiffin_test.loads (source, sequence, load_id, file, sha256, bytes, modified_ms, from_at, until_at, row_count, run_id, loaded_at)
        values ('raw.lines', 1, 'l1', 'a.csv', 'x', 1, 1, '2021-09-01', '2021-09-02', 1, 'r', now())`,
  );
  await Promise.all([prepareRecord(database, 'test'), prepareRecord(database, 'test')]);
  const { loads } = await openRecorder('test').read(database, ['raw.lines']);
  expect(loads('raw.lines')).toMatchObject([{ file: 'a.csv', id: 'l1' }]);
  expect(await openRecorder('test').daysOf(database, 'raw.lines', 'a.csv')).toEqual({});
});
