import { columnList, ident, newId, raw } from '../execute/stage.ts';
import { Fault, showFault } from '../fault.ts';
import type { UnitTest } from '../project/unit-test.ts';
import { freezeClock } from '../sql/freeze.ts';
import { readReferences } from '../sql/references.ts';
import { tableName } from '../sql/table-ref.ts';
import { widen } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { civilDayAt, parseDay, showDay, startOfDay } from '../time/zone.ts';
import { columnsOf, type RelationName } from '../warehouse/catalogue.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';
import { diffRows, type RowDiff, showRowDiffs, type TextRow } from './row-diff.ts';
import { declareTypes, fill, openFixtures } from './test-fixtures.ts';
import type { Workspace } from './workspace.ts';

/** What became of one unit test. */
export type TestVerdict = { readonly test: UnitTest } & (
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly diffs: readonly RowDiff[]; readonly lines: readonly string[] }
  /** It could not be asked: a mistake in the test, or in the SQL. */
  | { readonly kind: 'broken'; readonly error: string }
);

/**
 * Runs one unit test in a schema that is never committed: makes its tables, runs the model's SQL over them for the frozen
 * window, and compares what comes out with what is expected. Touches no data of anybody.
 */
export async function runUnitTest(
  workspace: Workspace,
  test: UnitTest,
  database: Database,
  signal: AbortSignal,
): Promise<TestVerdict> {
  const undo = Symbol('undo');
  let verdict: TestVerdict | undefined;
  try {
    await database.transaction(
      async (tx) => {
        verdict = await ask(workspace, test, tx);
        throw undo;
      },
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error !== undo) return { test, kind: 'broken', error: showFault(error) };
  }
  return verdict ?? { test, kind: 'broken', error: 'it gave no answer' };
}

async function ask({ models, project, config }: Workspace, test: UnitTest, tx: Session): Promise<TestVerdict> {
  const { calendar } = config;
  const one = models.get(test.model);
  if (!one) throw new Fault('bug', `no model ${test.model}`);
  const { windowing, uniqueKey } = one.model;
  if (windowing && !test.window) {
    throw new Fault('invalid', `${test.model} is built window by window: say which`, {
      place: { file: test.path, ...test.placeOf([]) },
      hint: 'window: { from: 2021-09-01, until: 2021-09-02 }',
    });
  }
  const range = test.window && rangeOf(test.window, calendar.timezone);
  const schema = `test_${newId()}`;
  await tx.query(sql`create schema ${sql.ident(schema)}`);

  const own = test.given[test.model];
  const render = (model: typeof one, incremental = false): string => {
    const { grain } = model.model.windowing ?? {};
    const facts = {
      ...(range ? { coverageFrom: range.from } : {}),
      ...(range && grain ? { range: widen(grain, range, calendar) } : {}),
      incremental,
    };
    const text = model.render(facts);
    if (test.now === undefined) return text;
    const now = new Date(test.now);
    return freezeClock(text, 'postgres', now, showDay(civilDayAt(calendar.timezone, now.getTime())));
  };
  const reads = (query: string) => readReferences(query, 'postgres').flatMap((found) => found.reads.map(tableName));
  const fixtures = openFixtures(tx, schema, test, {
    models,
    sources: project.sources,
    render: (model) => render(model),
    reads,
  });

  const actual: RelationName = { schema, name: 'actual' };
  // What stands in the table already is read by the model's own SQL, and stays where no new row takes its place.
  const before = own && (await fixtures.table(test.model));
  const query = await fixtures.rewrite(render(one, own !== undefined));
  await tx.query(sql`create table ${ident(actual)} as\n${raw(query)}`);
  await declareTypes(tx, actual, one);
  if (before && !windowing) {
    const columns = columnList((await columnsOf(tx, actual)).map(({ name }) => name));
    const sameKey = sql.join(
      uniqueKey.map((name) => sql`old.${sql.ident(name)} = fresh.${sql.ident(name)}`),
      ' AND ',
    );
    await tx.query(
      sql`insert into ${ident(actual)} (${columns}) select ${columns} from ${ident(before)} old
          where not exists (select 1 from ${ident(actual)} fresh where ${sameKey})`,
    );
  }
  return await compare(tx, test, actual, uniqueKey);
}

async function compare(
  tx: Session,
  test: UnitTest,
  actual: RelationName,
  key: readonly string[],
): Promise<TestVerdict> {
  const columns = [...new Set(test.expect.flatMap((row) => Object.keys(row)))];
  const expected: RelationName = { ...actual, name: 'expected' };
  await tx.query(sql`create table ${ident(expected)} (like ${ident(actual)})`);
  await fill(tx, expected, test.expect, test, ['expect']);
  const all = await columnsOf(tx, actual);
  const named = all.filter(({ name }) => columns.length === 0 || columns.includes(name));
  const rowsOf = (relation: RelationName) => {
    const list = sql.join(
      named.map(({ name, kind }) => {
        // 4.00 is 4, whatever scale a sum came out with.
        const value = kind === 'decimal' ? sql`trim_scale(${sql.ident(name)})` : sql.ident(name);
        return sql`${value}::text as ${sql.ident(name)}`;
      }),
      ', ',
    );
    return tx.query<TextRow>(sql`select ${list} from ${ident(relation)} order by 1`);
  };
  const diffs = diffRows(await rowsOf(expected), await rowsOf(actual), key);
  return diffs.length === 0
    ? { test, kind: 'passed' }
    : { test, kind: 'failed', diffs, lines: showRowDiffs(diffs, key) };
}

function rangeOf({ from, until }: NonNullable<UnitTest['window']>, timezone: string): Range {
  const edge = (text: string) => {
    const day = parseDay(text);
    return day === undefined ? Date.parse(text) : startOfDay(timezone, day);
  };
  return { from: edge(from), until: edge(until) };
}
