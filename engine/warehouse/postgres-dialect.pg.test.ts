import { expect, test } from 'vitest';
import { sql } from './database.ts';
import { postgres15Dialect, postgresDialect } from './postgres-dialect.ts';
import { testDatabase } from './test-database.ts';

const pairs = [
  ['2021-02-30', 'date'],
  ['2021-02-28', 'date'],
  ['abc', 'numeric(18,2)'],
  ['12345', 'numeric(4,2)'],
  ['12.345', 'numeric(18,2)'],
  ['99999999999', 'integer'],
  ['', 'integer'],
  ['abcd', 'varchar(3)'],
  ['yes', 'boolean'],
  ['{"a": ', 'jsonb'],
  ['{"a": 1}', 'jsonb'],
  ['2021-01-01 25:00', 'timestamp'],
  ["x'; select 1; --", 'bigint'],
] as const;

// Only what both have can be compared, and PostgreSQL 15 has but one of them.
test.skipIf(process.env['TIFFIN_TEST_WAREHOUSE'])(
  'the reader for PostgreSQL 15 finds unreadable what PostgreSQL 16 does, for the same reasons',
  async () => {
    await using own = await testDatabase();
    const { database } = own;
    await database.query(postgres15Dialect.makeReader('public') ?? sql``);
    for (const [text, type] of [...pairs, [null, 'date']] as const) {
      const asked = sql`${text}::text`;
      const [row] = await database.query(sql`
        select coalesce(${postgresDialect.isUnreadable(asked, type, 'public')}, false) as bad,
               ${postgresDialect.whyUnreadable(asked, type, 'public')} as why,
               ${postgres15Dialect.isUnreadable(asked, type, 'public')} as bad15,
               ${postgres15Dialect.whyUnreadable(asked, type, 'public')} as why15`);
      expect({ bad: row?.['bad15'], why: row?.['why15'] }, `${text} as ${type}`).toEqual({
        bad: row?.['bad'],
        why: row?.['why'],
      });
    }
  },
);
