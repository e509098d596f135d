import type { CompiledModel } from '../compile/compile.ts';
import type { Config } from '../config/config.ts';
import type { Dialect } from '../config/dialect.ts';
import { Fault } from '../fault.ts';
import { type KnownColumns, toLocal, toLocalType } from '../local/local.ts';
import type { Audit } from '../project/audit.ts';
import type { Model } from '../project/model.ts';
import type { Project } from '../project/project.ts';

/** Whether the project's SQL is performed in another form: Redshift's own takes it as it is written. */
export const rewritesFor = ({ dialect, target }: Pick<Config, 'dialect' | 'target'>): boolean =>
  dialect === 'redshift' && target.type !== 'redshift';

/**
 * Models in Redshift's dialect as a PostgreSQL builds them: what they render, their audits and their columns' types are
 * rewritten. Their text stays the author's, which is what is hashed and read.
 */
export function localModels(
  models: ReadonlyMap<string, CompiledModel>,
  known: KnownColumns,
): Map<string, CompiledModel> {
  return new Map([...models].map(([name, one]) => [name, localModel(one, known)]));
}

/** Models as a PostgreSQL would read them, their texts too: for what asks how their tables are named. */
export function localTexts(models: ReadonlyMap<string, CompiledModel>, known: KnownColumns): CompiledModel[] {
  return [...localModels(models, known).values()].map((one) => ({
    ...one,
    text: toLocal(one.text, known).text,
    auditText: (name) => toLocal(one.auditText(name), known).text,
  }));
}

function localModel(one: CompiledModel, known: KnownColumns): CompiledModel {
  const { path: file, bodyLine: firstLine } = one.model;
  const dialect = 'redshift';
  return {
    ...one,
    model: withLocalHeader(one.model),
    render: (build) => localQuery(one.render(build), { dialect, file, firstLine, known }),
    renderAudit: (audit, build, table) =>
      localQuery(one.renderAudit(audit, build, table), { dialect, file: `models/audits/${audit}.sql`, known }),
  };
}

/** Where a query stands and what is known about it. */
export interface QuerySource {
  readonly dialect: Dialect;
  readonly file: string;
  /** The line of the file with which the query begins; 1 when not given. */
  readonly firstLine?: number;
  readonly known?: KnownColumns;
}

/**
 * A query of the project as the target performs it. Throws `Fault` invalid with the places in the file for what has no
 * local form.
 */
export function localQuery(text: string, { dialect, file, firstLine = 1, known }: QuerySource): string {
  if (dialect === 'postgres') return text;
  const local = toLocal(text, known);
  const problems = local.problems.map(({ offset, ...said }) => {
    const line = firstLine + text.slice(0, offset).split('\n').length - 1;
    return { file, line, severity: 'error', code: 'no-local-form', ...said } as const;
  });
  if (problems.length > 0) throw new Fault('invalid', `${file} cannot be performed here`, { problems });
  return local.text;
}

function withLocalHeader(model: Model): Model {
  const audits = model.audits.map(
    (audit): Audit => (audit.kind === 'expression' ? { ...audit, sql: toLocal(audit.sql).text } : audit),
  );
  return { ...model, audits, columns: withLocalTypes(model.columns) };
}

/** A project whose sources are loaded into columns of the types that a PostgreSQL has. */
export function withLocalSources(project: Project): Project {
  const sources = [...project.sources].map(
    ([name, source]) => [name, { ...source, columns: withLocalTypes(source.columns) }] as const,
  );
  return { ...project, sources: new Map(sources) };
}

function withLocalTypes<C extends { readonly type?: string | undefined }>(columns: Readonly<Record<string, C>>) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]): [string, C] => [
      name,
      column.type === undefined ? column : { ...column, type: toLocalType(column.type) },
    ]),
  );
}
