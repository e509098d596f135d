import { expect, test } from 'vitest';
import { readTexts } from '../reading/reader.ts';
import { readRows } from '../sql/test-texts.ts';
import { edgesOf } from './project.ts';
import { resolve } from './resolve.ts';

const rows = readRows() ?? [];

/** Statements of the collection that name a column which, by their own text, is not there. */
const mistaken = ['sqllineage-0094', 'sqllineage-0100', 'sqllineage-0142', 'sqllineage-0273'];

test.skipIf(rows.length === 0)('nothing is called a mistake in others’ SQL that is none', async () => {
  for (const dialect of ['postgres', 'redshift'] as const) {
    const readings = await readTexts(
      rows.map(({ sql }) => sql),
      dialect,
    );
    const complained = rows.filter((_, at) => {
      const reading = readings[at];
      return (
        reading && !reading.partial && reading.shapes.some((one) => resolve(one, dialect, nothing).mistakes.length > 0)
      );
    });
    // It names a table that its FROM lacks: in Redshift that might be a path into a column.
    const paths = dialect === 'postgres' ? ['sqlfluff-redshift-0036#6'] : [];
    expect(complained.map(({ id }) => id)).toEqual([...paths, ...mistaken]);
  }
});

/**
 * sqllineage calls a column by its expression where we call it as PostgreSQL does, has `count(*)` made from `*`, and knows
 * tables by metadata that its SQL does not hold; its statements of Hive and T-SQL are not read. What is found besides is
 * counted, too.
 */
test.skipIf(rows.length === 0)('columns are made from what sqllineage says', async () => {
  const cases = rows.filter(({ columns }) => columns);
  const readings = await readTexts(
    cases.map(({ sql }) => sql),
    'redshift',
  );
  const score = { statements: cases.length, alike: 0, unread: 0, pairs: 0, found: 0, besides: 0, partial: 0 };
  for (const [at, { columns = [] }] of cases.entries()) {
    const shapes = readings[at]?.shapes ?? [];
    const edges = shapes.flatMap((shape) =>
      shape.target ? edgesOf(shape.target.path.join('.'), resolve(shape, 'redshift', nothing).relation) : [],
    );
    const wanted = new Set(columns.map(([from, to]) => `${from[1]}.${from[0]} > ${to[1]}.${to[0]}`.toLowerCase()));
    const got = new Map(edges.map((edge) => [`${edge.from} > ${edge.to}`, edge.partial]));
    const hit = [...wanted].filter((pair) => got.has(pair)).length;
    const extra = [...got].filter(([pair]) => !wanted.has(pair));
    if (shapes.length === 0) score.unread++;
    else if (hit === wanted.size && extra.length === 0) score.alike++;
    score.pairs += wanted.size;
    score.found += hit;
    score.besides += extra.filter(([, partial]) => !partial).length;
    score.partial += extra.filter(([, partial]) => partial).length;
  }
  process.stdout.write(`column lineage beside sqllineage's own expectations: ${JSON.stringify(score)}\n`);
  expect(score.alike).toBeGreaterThanOrEqual(least.alike);
  expect(score.found).toBeGreaterThanOrEqual(least.found);
});

const least = { alike: 68, found: 151 };
const nothing = () => undefined;
