import { didYouMean } from '../config/nearest.ts';
import type { Place, Problem } from '../fault.ts';
import { isComplete, type Relation } from '../lineage/column.ts';
import { type Mistake, resolve } from '../lineage/resolve.ts';
import type { Model } from '../project/model.ts';
import { atOffset } from './model-problems.ts';
import { expressionOn, readColumns } from './read-columns.ts';
import type { Workspace } from './workspace.ts';

/**
 * Columns that are certainly not there, in models, their headers and the queries of reports; and where two readers of a
 * model's SQL do not agree; or of `some` models alone. Where columns are not all known nothing is said.
 */
export async function columnProblems(workspace: Workspace, some?: ReadonlySet<string>): Promise<Problem[]> {
  const { readings, columns } = await readColumns(workspace, some);
  const problems: Problem[] = [];
  for (const { model, text } of workspace.authored.values()) {
    if (some && !some.has(model.name)) continue;
    const found = columns.get(model.name);
    const reading = readings.get(text);
    problems.push(
      ...(found?.mistakes ?? []).map((mistake) => atOffset(model, text, mistake.at, 'error', said(mistake))),
    );
    if (reading?.other) {
      problems.push({
        file: model.path,
        line: model.bodyLine,
        severity: 'warning',
        code: 'readers-disagree',
        message: `read word by word this reads ${listed(reading.tables)}; a parser says ${listed(reading.other)}`,
        hint: 'The first is taken. depends_on adds what it lacks.',
      });
    }
    if (found && isComplete(found.relation)) problems.push(...headerProblems(model, found.relation));
    if (!found || !isComplete(found.relation)) continue;
    for (const audit of model.audits) {
      if (audit.kind !== 'expression') continue;
      const [shape] = readings.get(expressionOn(model.name, audit.sql))?.shapes ?? [];
      const names = found.relation.columns.map(({ name }) => name);
      const known = (table: string) => (table === model.name ? { names, complete: true } : undefined);
      const wrong = shape ? resolve(shape, workspace.config.dialect, known).mistakes : [];
      problems.push(
        ...wrong.map((mistake): Problem => ({ ...placeOf(model, audit.place), severity: 'error', ...said(mistake) })),
      );
    }
  }
  for (const exposure of workspace.exposures ?? []) {
    for (const { name, file, sql } of exposure.queries ?? []) {
      for (const mistake of columns.get(`report:${exposure.name}.${name}`)?.mistakes ?? []) {
        const before = sql.slice(0, mistake.at).split('\n');
        const column = (before.at(-1)?.length ?? 0) + 1;
        problems.push({ file, line: before.length, column, severity: 'error', ...said(mistake) });
      }
    }
    for (const { query, column, place } of exposure.columns ?? []) {
      const relation = columns.get(`report:${exposure.name}.${query}`)?.relation;
      const names = relation && isComplete(relation) ? relation.columns.map(({ name }) => name) : undefined;
      if (names === undefined || names.includes(column)) continue;
      const message = `dataset "${query}" has no column "${column}"`;
      const hint = didYouMean(column, names) ?? `It has ${names.join(', ')}.`;
      problems.push({ ...place, severity: 'error', code: 'unknown-column', message, hint });
    }
  }
  return problems;
}

const listed = (tables: readonly string[]): string => (tables.length === 0 ? 'nothing' : tables.join(', '));

const placeOf = (model: Model, place: Place | undefined): Place => place ?? { file: model.path };

function said({ found }: Mistake): Pick<Problem, 'code' | 'message' | 'hint'> {
  const hint = didYouMean(found.name, new Set(found.known));
  const message =
    found.kind === 'no-relation'
      ? `no table of this query is called ${found.name}`
      : found.relation
        ? `${found.relation} has no column ${found.name}`
        : `no table of this query has a column ${found.name}`;
  return { code: found.kind === 'no-relation' ? 'unknown-name' : 'unknown-column', message, ...(hint ? { hint } : {}) };
}

/** Columns that a header speaks of and the query does not give. */
function headerProblems(model: Model, relation: Relation): Problem[] {
  const names = relation.columns.map(({ name }) => name);
  const speaks = (column: string | undefined, place: Place, what: string): Problem[] => {
    if (column === undefined || names.includes(column)) return [];
    const hint = didYouMean(column, names);
    const message = `${what} names ${column}, which the query does not give`;
    return [{ ...place, severity: 'error', code: 'unknown-column', message, ...(hint ? { hint } : {}) }];
  };
  const at = (...path: string[]): Place => ({ file: model.path, ...model.placeOf(path) });
  const { snapshotting: { by } = { by: undefined } } = model;
  return [
    ...speaks(model.timeColumn, at('time_column'), 'time_column'),
    ...model.uniqueKey.flatMap((column) => speaks(column, at('unique_key'), 'unique_key')),
    ...(by?.kind === 'updated' ? speaks(by.column, at('updated_column'), 'updated_column') : []),
    ...(by?.kind === 'columns' && by.columns !== 'all' ? by.columns : []).flatMap((column) =>
      speaks(column, at('check'), 'check'),
    ),
    ...model.audits.flatMap((audit) => {
      const place = placeOf(model, audit.place);
      // What unique_key asks has been said.
      if (audit.kind === 'unique' && audit.columns.every((column) => model.uniqueKey.includes(column))) return [];
      const columns = 'columns' in audit ? audit.columns : 'column' in audit ? [audit.column] : [];
      return columns.flatMap((column) => speaks(column, place, `the audit ${audit.kind}`));
    }),
  ];
}
