import type { CompiledModel } from '../compile/compile.ts';
import { didYouMean } from '../config/nearest.ts';
import { columnList, ident, raw } from '../execute/stage.ts';
import { Fault } from '../fault.ts';
import type { Source } from '../project/source.ts';
import type { UnitTest } from '../project/unit-test.ts';
import { inlineQueries } from '../sql/inline.ts';
import { columnsOf, type RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';

/** The tables of one test: given ones, and those computed from them. */
export interface Fixtures {
  /** A query with every table of the project replaced by the test's own. */
  rewrite(query: string): Promise<string>;
  /** The table of this name in the test; made when first asked for. */
  table(name: string): Promise<RelationName>;
}

interface FixtureFacts {
  readonly models: ReadonlyMap<string, CompiledModel>;
  readonly sources: ReadonlyMap<string, Source>;
  /** The SQL of a model in this test. */
  render(one: CompiledModel): string;
  /** The names that a query reads. */
  reads(query: string): readonly string[];
}

/**
 * Makes a test's tables in a schema of its own. What is given holds the given rows; a source that is not given is empty; a
 * view or table that is not given is computed from what it reads; windows that are not given are not there.
 */
export function openFixtures(session: Session, schema: string, test: UnitTest, facts: FixtureFacts): Fixtures {
  const made = new Map<string, RelationName>();

  const rewrite = async (query: string): Promise<string> => {
    const tables = new Map<string, RelationName>();
    for (const name of facts.reads(query)) {
      if (facts.models.has(name) || facts.sources.has(name)) tables.set(name, await table(name));
    }
    return inlineQueries(query, 'postgres', (name) => {
      const found = tables.get(name);
      return found && `select * from "${found.schema}"."${found.name}"`;
    });
  };

  const table = async (name: string): Promise<RelationName> => {
    const known = made.get(name);
    if (known) return known;
    const relation = { schema, name: `fixture_${made.size + 1}` };
    made.set(name, relation);
    const source = facts.sources.get(name);
    const one = facts.models.get(name);
    const given = test.given[name];
    if (source) {
      const list = Object.entries(source.columns).map(([column, { type }]) => sql`${sql.ident(column)} ${raw(type)}`);
      await session.query(sql`create table ${ident(relation)} (${sql.join(list, ', ')})`);
    } else if (one) {
      const empty = given !== undefined || one.model.windowing !== undefined;
      await session.query(
        sql`create table ${ident(relation)} as select * from (\n${raw(await rewrite(facts.render(one)))}\n) as query
            where ${empty ? sql`false` : sql`true`}`,
      );
      await declareTypes(session, relation, one);
    }
    if (given) await fill(session, relation, given, test, ['given', name]);
    return relation;
  };
  return { rewrite, table };
}

/** Gives columns the types that a model's header declares, as a build does. */
export async function declareTypes(session: Session, relation: RelationName, { model }: CompiledModel): Promise<void> {
  for (const { name, type } of await columnsOf(session, relation)) {
    const declared = model.columns[name]?.type;
    if (declared === undefined || declared === type) continue;
    const column = sql.ident(name);
    await session.query(
      sql`alter table ${ident(relation)} alter column ${column} type ${raw(declared)} using ${column}::${raw(declared)}`,
    );
  }
}

/** Inserts rows as they are written: the table's types read them. Throws `Fault` invalid for a column that is not there. */
export async function fill(
  session: Session,
  relation: RelationName,
  rows: UnitTest['expect'],
  test: UnitTest,
  path: readonly PropertyKey[],
): Promise<void> {
  const known = (await columnsOf(session, relation)).map(({ name }) => name);
  const used = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const wrong = used.find((column) => !known.includes(column));
  if (wrong !== undefined) {
    const hint = didYouMean(wrong, known);
    throw new Fault('invalid', `${path.join(' ')}: there is no column ${wrong}`, {
      place: { file: test.path, ...test.placeOf(path) },
      ...(hint ? { hint } : {}),
    });
  }
  if (rows.length === 0) return;
  if (used.length === 0)
    throw new Fault('invalid', `${path.join(' ')}: rows without columns`, { place: { file: test.path } });
  await session.query(
    sql`insert into ${ident(relation)} (${columnList(used)})
        select ${columnList(used)} from jsonb_populate_recordset(null::${ident(relation)}, ${JSON.stringify(rows)}::jsonb)`,
  );
}
