import { expect, test } from 'vitest';
import { readRows } from '../sql/test-texts.ts';
import { readTexts } from './reader.ts';

const rows = readRows() ?? [];

/** Where sqllineage's tests expect other tables than we read, and why that is no misreading of Redshift's SQL. */
const definitional: Readonly<Record<string, string>> = {
  'sqllineage-0113': 'a table made and read within one script is no source there',
  'sqllineage-0114': 'the same',
  'sqllineage-0118': 'two statements with nothing between them',
  'sqllineage-0123': 'CREATE TABLE .. LIKE reads no rows',
  'sqllineage-0129': 'MySQL: CREATE TABLE .. SELECT without AS',
  'sqllineage-0132': 'Snowflake: CLONE',
  'sqllineage-0165': 'Hive: LATERAL VIEW',
  'sqllineage-0173': 'Hive: EXCHANGE PARTITION reads no rows',
  'sqllineage-0174': 'Snowflake: SWAP WITH reads no rows',
  'sqllineage-0175': "Vertica: tables in a function's strings",
  'sqllineage-0204': 'the name of the database is kept apart',
  'sqllineage-0222': 'the expectation lacks tables that the SQL reads',
  'sqllineage-0261': 'MySQL: backticks',
  'sqllineage-0262': 'MySQL: backticks',
  'sqllineage-0263': 'T-SQL: brackets',
  'sqllineage-0264': 'T-SQL: brackets',
  'sqllineage-0265': 'T-SQL: brackets',
  'sqllineage-0272': "the expectation is another statement's",
  'sqllineage-0273': 'T-SQL: table(NOLOCK)',
  'sqllineage-0276': 'MySQL: UPDATE .. JOIN',
  'sqllineage-0277': 'T-SQL: an UPDATE by alias reads its own table',
};

test.skipIf(rows.length === 0)('every reader takes others’ SQL; PostgreSQL’s parser is the referee', async () => {
  const readings = await readTexts(
    rows.map(({ sql }) => sql),
    'postgres',
  );
  const judged = rows.flatMap(({ id, pg_sources: sources }, at) => {
    const reading = readings[at];
    return sources && reading?.by === 'postgres' ? [{ id, sources: [...sources].sort(), reading }] : [];
  });
  expect(judged.length).toBeGreaterThan(470);
  const wrong = judged.filter(({ sources, reading }) => {
    const folded = sources.map((name) => name.split('.').slice(-2).join('.')).sort();
    return reading.other !== undefined || reading.tables.join() !== folded.join();
  });
  expect(wrong.map(({ id }) => id)).toEqual([]);
});

test.skipIf(rows.length === 0)('Redshift’s statements are read alike by all readers that take them', async () => {
  const readings = await readTexts(
    rows.map(({ sql }) => sql),
    'redshift',
  );
  const apart = rows.filter((_, at) => readings[at]?.other !== undefined).map(({ id }) => id);
  // Backticks are no Redshift, but node-sql-parser takes them.
  expect(apart).toEqual(['sqllineage-0261', 'sqllineage-0262']);
  const differing = rows.flatMap(({ id, sources }, at) => {
    const wanted = sources && [...new Set(sources.map((name) => name.toLowerCase()))].sort();
    return wanted && wanted.join() !== readings[at]?.tables.join() ? [id] : [];
  });
  expect(differing).toEqual(Object.keys(definitional));
});
