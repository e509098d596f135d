import type { CompiledModel } from '../compile/compile.ts';
import type { Config } from '../config/config.ts';
import type { Own } from '../execute/port.ts';
import { relationName } from '../execute/stage.ts';
import { Fault, type Problem } from '../fault.ts';
import type { Audit } from '../project/audit.ts';
import type { Model } from '../project/model.ts';
import type { Project } from '../project/project.ts';
import { readReferences } from '../sql/references.ts';
import { renameTables, type Uncertain } from '../sql/rename.ts';
import { tableName } from '../sql/table-ref.ts';
import type { SqlDialect } from '../sql/tokens.ts';

const dialect: SqlDialect = 'postgres';

/** Where the tables of a project stand in an environment, and where its queries read them. */
export interface Places {
  /** Where a table of this environment stands. Tables that others load are everybody's. */
  readonly own: Own;
  /** Where a table is read: this environment's own, or that of the environment deferred to. */
  readonly read: Own;
  /** A query with its tables where they are read, and what in it is not certain to be one of them. */
  rename(query: string): { readonly text: string; readonly uncertain: readonly Uncertain[] };
}

/** Tables that are read from another environment of the same warehouse. */
export interface Deferred {
  readonly suffix: string;
  readonly names: ReadonlySet<string>;
}

/** The places of an environment. What the engine builds and loads is its own, under the suffix; the rest is declared. */
export function placesOf({ models, sources }: Project, suffix: string, deferred?: Deferred): Places {
  const isOurs = (name: string) => models.has(name) || sources.get(name)?.filePattern !== undefined;
  const under = (name: string, ending: string) => {
    const { schema, name: table } = relationName(name);
    return { schema: isOurs(name) ? schema + ending : schema, name: table };
  };
  const own: Own = (name) => under(name, suffix);
  const read: Own = (name) => (deferred?.names.has(name) ? under(name, deferred.suffix) : own(name));
  const moved = [...models.keys(), ...sources.keys()].flatMap((name) => {
    const { schema } = read(name);
    return name.startsWith(`${schema}.`) ? [] : [[name, schema] as const];
  });
  const schemas = new Map(moved);
  return {
    own,
    read,
    rename: (query) => (schemas.size === 0 ? { text: query, uncertain: [] } : renameTables(query, dialect, schemas)),
  };
}

/** A query of a file as an environment reads it. Throws `Fault` invalid where a table's place is not certain. */
export function placedQuery(query: string, places: Places, file: string): string {
  const { text, uncertain } = places.rename(query);
  if (uncertain.length === 0) return text;
  const problems = uncertain.map(({ message }): Problem => ({ file, ...uncertainTable, message }));
  throw new Fault('invalid', `${file} cannot be read under a schema suffix`, { problems });
}

/** A model as an environment builds it. What it renders throws `Fault` invalid where a table's place is not certain. */
export function placeModel(compiled: CompiledModel, places: Places): CompiledModel {
  const rename = (text: string, file: string) => placedQuery(text, places, file);
  const { model } = compiled;
  return {
    ...compiled,
    model: {
      ...model,
      audits: model.audits.map((audit) => placeAudit(audit, places, (text) => rename(text, model.path))),
    },
    render: (build) => rename(compiled.render(build), model.path),
    renderAudit: (name, build, table) => rename(compiled.renderAudit(name, build, table), `models/audits/${name}.sql`),
  };
}

function placeAudit(audit: Audit, { read }: Places, rename: (text: string) => string): Audit {
  if (audit.kind === 'expression') return { ...audit, sql: rename(audit.sql) };
  if (audit.kind !== 'relationships') return audit;
  const { schema, name } = read(audit.to);
  return { ...audit, to: `${schema}.${name}` };
}

const uncertainTable = {
  severity: 'error',
  code: 'uncertain-table',
  hint: 'Under a schema suffix it must be certain which table is meant: write schema.table in a FROM list, or give it an alias.',
} as const;

/** What keeps a project from being built under a suffix: tables whose place is not certain, schemas that would meet. */
export function suffixProblems(
  project: Project,
  compiled: Iterable<CompiledModel>,
  { schemaSuffix: suffix, targetName }: Pick<Config, 'schemaSuffix' | 'targetName'>,
): Problem[] {
  if (suffix === '') return [];
  const places = placesOf(project, suffix);
  const problems = schemaProblems(project, places, targetName);
  for (const one of compiled) problems.push(...modelProblems(one, places));
  return problems;
}

function modelProblems({ model, text, auditText }: CompiledModel, places: Places): Problem[] {
  const problems = places.rename(text).uncertain.map(({ offset, message }): Problem => {
    const before = text.slice(0, offset).split('\n');
    const place = { line: model.bodyLine + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
    return { file: model.path, ...place, ...uncertainTable, message };
  });
  for (const audit of model.audits) {
    if (audit.kind !== 'expression' && audit.kind !== 'sql') continue;
    const custom = audit.kind === 'sql';
    const place = custom
      ? { file: `models/audits/${audit.name}.sql` }
      : { file: model.path, ...model.placeOf(['audits']) };
    const { uncertain } = places.rename(custom ? textOrNone(() => auditText(audit.name)) : audit.sql);
    problems.push(...uncertain.map(({ message }) => ({ ...place, ...uncertainTable, message })));
  }
  return [...problems, ...unseen(model, text)];
}

/** A file that cannot be rendered has its problem already. */
function textOrNone(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (error instanceof Fault) return '';
    throw error;
  }
}

/** What a model reads where no reader can see it (`depends_on`) cannot be moved, unless an audit alone asks it. */
function unseen(model: Model, text: string): Problem[] {
  const reads = readReferences(text, dialect).flatMap((statement) => statement.reads.map(tableName));
  const audited = model.audits.some(({ kind }) => kind === 'sql' || kind === 'expression');
  return model.dependsOn
    .filter((name) => !reads.includes(name) && !audited)
    .filter((name) => !model.audits.some((audit) => audit.kind === 'relationships' && audit.to === name))
    .map((name) => ({
      file: model.path,
      ...model.placeOf(['depends_on']),
      ...uncertainTable,
      message: `${name} is read where no reader can see it, so that its name cannot take the suffix`,
    }));
}

/** The longest name that PostgreSQL keeps whole, in bytes; longer ones are cut without a word. */
const longestName = 63;

function schemaProblems({ models, sources }: Project, { own }: Places, target: string): Problem[] {
  const relations = [...models.values(), ...sources.values()];
  const written = new Set(relations.map(({ name }) => relationName(name).schema));
  const problems = new Map<string, Problem>();
  for (const { name, path } of relations) {
    const { schema } = own(name);
    if (schema === relationName(name).schema) continue;
    const wrong = (message: string) => {
      if (!problems.has(schema))
        problems.set(schema, { file: path, severity: 'error', code: 'schema-suffix', message });
    };
    if (schema.length > longestName)
      wrong(`on target ${target} its schema ${schema} is longer than ${longestName} letters`);
    else if (written.has(schema))
      wrong(`on target ${target} its schema would be ${schema}, which is a schema of the project itself`);
  }
  return [...problems.values()];
}
