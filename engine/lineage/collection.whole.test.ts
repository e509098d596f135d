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

/** What is found besides is counted, too; what is not found, is listed by why. */
test.skipIf(rows.length === 0)('columns are made from what sqllineage says', async () => {
  const cases = rows.filter(({ columns }) => columns);
  const readings = await readTexts(
    cases.map(({ sql }) => sql),
    'redshift',
  );
  const score = { statements: cases.length, alike: 0, unread: 0, pairs: 0, found: 0, besides: 0, partial: 0 };
  const missed: Missed[] = [];
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
    missed.push(
      ...[...wanted]
        .filter((pair) => !got.has(pair))
        .map((pair) => ({
          id: cases[at]?.id ?? '',
          pair,
          why: whyMissed(pair, edges, shapes.length > 0, cases[at]?.sql ?? ''),
        })),
    );
    score.pairs += wanted.size;
    score.found += hit;
    score.besides += extra.filter(([, partial]) => !partial).length;
    score.partial += extra.filter(([, partial]) => partial).length;
  }
  process.stdout.write(`column lineage beside sqllineage's own expectations: ${JSON.stringify(score)}\n`);
  for (const [why, those] of Map.groupBy(missed, (one) => one.why)) {
    const ids = [...new Set(those.map(({ id }) => id.replace('sqllineage-', '')))];
    process.stdout.write(`  ${those.length} not found, ${why}: ${ids.join(' ')}\n`);
  }
  const unexplained = missed.filter(({ why }) => why === byItself).map(({ id }) => id);
  expect([...new Set(unexplained)].filter((id) => !(id in reasons))).toEqual([]);
  expect(score.alike).toBeGreaterThanOrEqual(least.alike);
  expect(score.found).toBeGreaterThanOrEqual(least.found);
});

interface Missed {
  readonly id: string;
  /** `table.column > table.column`. */
  readonly pair: string;
  readonly why: string;
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Why a pair is not among the edges: how the two of us define things, as far as a rule can tell. */
function whyMissed(pair: string, edges: readonly Edge[], read: boolean, text: string): string {
  if (!read) return 'of another dialect and not read';
  const [from = '', to = ''] = pair.split(' > ');
  const { table, column } = parted(from);
  const into = parted(to).table;
  const there = edges.filter((edge) => to.startsWith(`${parted(edge.to).table}.`));
  if (there.some((edge) => edge.from === from))
    return 'called otherwise: by its expression, or by the table it goes to';
  if (there.some((edge) => parted(edge.to).table === into && edge.from === `${table}.*`))
    return 'behind a *, of tables known by metadata alone';
  if (table === 'null' && there.some((edge) => edge.to === to && parted(edge.from).column === column))
    return 'of a table that metadata alone tells';
  const words = new Set(text.toLowerCase().match(/\w+/g));
  const names = [...from.split('.'), ...to.split('.')].filter((name) => /^\w+$/.test(name));
  if (names.some((name) => !words.has(name))) return 'expected of another text than is collected with it';
  return byItself;
}

function parted(name: string): { readonly table: string; readonly column: string } {
  const dot = name.lastIndexOf('.');
  return { table: name.slice(0, dot), column: name.slice(dot + 1) };
}

const byItself = 'for a reason of its own';

/** What no rule tells, each looked at. */
const reasons: Readonly<Record<string, string>> = {
  'sqllineage-0036': 'a TITLE of Teradata reads as a function',
  'sqllineage-0064': 'the column of USING in a left join is the left one, as it has all that the right one could give',
  'sqllineage-0078': 'count(*) is made from no column',
  'sqllineage-0084': 'expected of another text than is collected with it',
  'sqllineage-0091': 'columns of a UNION meet by their places',
  'sqllineage-0097': 'UPDATE of an alias is T-SQL: in Redshift the table is called so',
  'sqllineage-0098': 'expected of another text than is collected with it',
  'sqllineage-0101': 'a view that an earlier statement made stands between',
  'sqllineage-0110': 'a * over tables that earlier statements made from a *',
};

const least = { alike: 68, found: 151 };
const nothing = () => undefined;
