import { type CompiledModel, standInEdges } from '../compile/compile.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Problem } from '../fault.ts';
import { type KnownColumns, toLocal } from '../local/local.ts';
import type { Model } from '../project/model.ts';
import type { Project } from '../project/project.ts';
import { findForbidden } from '../sql/forbidden.ts';
import { readReferences } from '../sql/references.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import { checkWindowFilters } from '../sql/window-filter.ts';

/** What a model may not hold: anything but one query. */
export function forbiddenProblems({ model, text }: CompiledModel, dialect: SqlDialect): Problem[] {
  return findForbidden(text, dialect).map((found) => atOffset(model, text, found.offset, 'error', found));
}

/** What a model in Redshift's dialect says that a PostgreSQL has no form for. */
export function localProblems({ model, text }: CompiledModel, known: KnownColumns): Problem[] {
  const code = 'no-local-form';
  const inQuery = toLocal(text, known).problems.map(({ offset, ...said }) =>
    atOffset(model, text, offset, 'error', { code, ...said }),
  );
  const inAudits = model.audits.flatMap((audit) => (audit.kind === 'expression' ? toLocal(audit.sql).problems : []));
  const place = { file: model.path, ...model.placeOf(['audits']) };
  return [
    ...inQuery,
    ...inAudits.map(({ offset: _, ...said }): Problem => ({ ...place, severity: 'error', code, ...said })),
  ];
}

interface Found {
  readonly reads: readonly string[];
  readonly problems: readonly Problem[];
}

/** What a project's models may read: its tables, and the schemas in which every table must be one of them. */
export interface KnownTables {
  readonly known: ReadonlySet<string>;
  readonly owned: ReadonlySet<string>;
  /** Tables that are the project's, of which nothing is known: their own files' problems are told. */
  readonly unreadable: ReadonlySet<string>;
}

/** The tables of a project, worked out once for all its models. */
export function knownTables({ models, sources, unreadable }: Project): KnownTables {
  const known = new Set([...models.keys(), ...sources.keys()]);
  return { known, owned: new Set([...known].map((name) => name.slice(0, name.indexOf('.')))), unreadable };
}

/** The project's relations that a model reads. An unknown table is an error where the project owns its schema. */
export function readsOf(
  model: Model,
  text: string,
  { known, owned, unreadable }: KnownTables,
  dialect: SqlDialect,
): Found {
  const reads = new Set<string>();
  const problems: Problem[] = [];
  for (const table of readReferences(text, dialect).flatMap((statement) => statement.reads)) {
    if (table.schema === undefined) {
      const hint = didYouMean(
        table.name,
        [...known].filter((name) => name.endsWith(`.${table.name}`)),
      );
      problems.push(
        atOffset(model, text, table.start, 'warning', {
          code: 'no-schema',
          message: `${table.name} is named without its schema, so it is not known which table is read`,
          ...(hint ? { hint } : {}),
        }),
      );
      continue;
    }
    const name = `${table.schema}.${table.name}`;
    if (name === model.name) {
      problems.push(
        atOffset(model, text, table.start, 'error', { code: 'reads-itself', message: `${name} reads itself` }),
      );
    } else if (known.has(name) || unreadable.has(name)) {
      reads.add(name);
    } else if (owned.has(table.schema)) {
      const hint = didYouMean(name, known);
      problems.push(
        atOffset(model, text, table.start, 'error', {
          code: 'unknown-table',
          message: `there is no model or source ${name}`,
          ...(hint ? { hint } : {}),
        }),
      );
    } else {
      problems.push(
        atOffset(model, text, table.start, 'warning', {
          code: 'undeclared-source',
          message: `${name} is not declared as a source: changes of it are not noticed`,
          hint: 'Declare it in models/sources.yml.',
        }),
      );
    }
  }
  for (const name of model.dependsOn) {
    if (known.has(name) || unreadable.has(name)) reads.add(name);
    else {
      const hint = didYouMean(name, known);
      problems.push({
        file: model.path,
        ...model.placeOf(['depends_on']),
        severity: 'error',
        code: 'unknown-table',
        message: `depends_on: there is no model or source ${name}`,
        ...(hint ? { hint } : {}),
      });
    }
  }
  for (const audit of model.audits) {
    if (audit.kind !== 'relationships' || reads.has(audit.to)) continue;
    const hint = known.has(audit.to)
      ? 'Name it in depends_on, so that it is built before.'
      : didYouMean(audit.to, known);
    problems.push({
      ...(audit.place ?? { file: model.path }),
      severity: 'error',
      code: 'audit-unread',
      message: `the audit of relationships speaks of ${audit.to}, which the model does not read`,
      ...(hint ? { hint } : {}),
    });
  }
  for (const name of Object.keys(model.windowing?.readsBack ?? {})) {
    if (reads.has(name)) continue;
    const hint = didYouMean(name, reads);
    problems.push({
      file: model.path,
      ...model.placeOf(['reads_back', name]),
      severity: 'error',
      code: 'reads-back-unread',
      message: `reads_back names ${name}, which the model does not read`,
      ...(hint ? { hint } : {}),
    });
  }
  return { reads: [...reads].filter((name) => known.has(name)), problems };
}

/** An incremental model must filter what it reads by its window, or each window would read, and hold, everything. */
export function filterProblems({ model, text }: CompiledModel, project: Project, dialect: SqlDialect): Problem[] {
  if (!model.windowing) return [];
  const read = new Set(
    readReferences(text, dialect).flatMap(({ reads }) => reads.map((table) => `${table.schema}.${table.name}`)),
  );
  const inputs = [...read].flatMap((table) => {
    const column = project.sources.get(table)?.timeColumn ?? project.models.get(table)?.timeColumn;
    return column ? [{ table, column }] : [];
  });
  const problems: Problem[] = [];
  for (const [table, verdict] of checkWindowFilters(text, dialect, inputs, standInEdges)) {
    if (verdict === 'proved') continue;
    const absent = verdict === 'absent';
    problems.push({
      file: model.path,
      line: model.bodyLine,
      severity: absent ? 'error' : 'warning',
      code: 'window-filter',
      message: absent
        ? `${table} is read without a filter on the window: each window would read all of it`
        : `it is not certain that each window reads no more of ${table} than it needs`,
      hint: 'Filter its time column: >= {{ window.from }} and < {{ window.until }}.',
    });
  }
  return problems;
}

type Said = Pick<Problem, 'code' | 'message' | 'hint'>;

/** A problem at an offset of the compiled text; where Liquid adds no lines, that is the author's own line. */
export function atOffset(
  model: Model,
  text: string,
  offset: number,
  severity: Problem['severity'],
  said: Said,
): Problem {
  const before = text.slice(0, offset).split('\n');
  return {
    file: model.path,
    line: model.bodyLine + before.length - 1,
    column: (before.at(-1)?.length ?? 0) + 1,
    severity,
    code: said.code,
    message: said.message,
    ...(said.hint ? { hint: said.hint } : {}),
  };
}
