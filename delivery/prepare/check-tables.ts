import { didYouMean, Fault, messageOf, type Problem } from '#engine';
import type { DatasetQuery } from '../query/read-datasets.ts';
import type { Report } from '../report/schema.ts';
import { ruleOf } from '../slot/rule.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { allOf, type ProjectFacts, queriesOf } from './queries.ts';

/**
 * Tables that a report's queries read and that are not there, in schemas of the project: nobody could wait for them, and
 * the gate would open on nothing. Tables of other schemas are somebody else's. Queries that cannot be made are problems, too.
 */
export function checkTables(report: Report, project: ProjectFacts): readonly Problem[] {
  try {
    return unknownTables(report, project);
  } catch (error) {
    return problemsOf(error, report.path);
  }
}

/** The problems that an invalid file's fault speaks of. Throws whatever else was thrown. */
export function problemsOf(error: unknown, file: string): readonly Problem[] {
  if (!(error instanceof Fault) || error.code !== 'invalid') throw error;
  if (error.problems.length > 0) return error.problems;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return [{ file, ...error.place, severity: 'error', code: 'delivery', message: messageOf(error), ...hint }];
}

/** The tables that a report's queries read. Throws `Fault` invalid where a query cannot be made. */
export function tablesRead(report: Report, project: ProjectFacts): string[] {
  return [...new Set(queriesOfAnyDay(report, project).flatMap(({ sql }) => project.reads(sql)))].sort();
}

/** Each query with the file that its SQL is, line for line. Throws `Fault` invalid where a query cannot be made. */
export function queriesAsked(report: Report, project: ProjectFacts) {
  return queriesOfAnyDay(report, project).map(({ name, sql }) => ({ name, sql, file: fileOf(report, name) }));
}

/** Which tables are read does not depend on the day. */
function queriesOfAnyDay(report: Report, project: ProjectFacts): readonly DatasetQuery[] {
  const slot = slotAskedFor(ruleOf(report, project.timezone), '2021-12-21', new Date(), 'check');
  return allOf(queriesOf(report, slot, project));
}

function unknownTables(report: Report, project: ProjectFacts): Problem[] {
  const owned = new Set([...project.relations.keys()].map((name) => name.split('.')[0]));
  return queriesOfAnyDay(report, project).flatMap(({ name, sql }) =>
    project.references(sql).flatMap(({ table, line, column }): Problem[] => {
      if (project.relations.has(table) || !owned.has(table.split('.')[0])) return [];
      const hint = didYouMean(table, project.relations.keys());
      return [
        {
          file: fileOf(report, name),
          line,
          column,
          severity: 'error',
          code: 'unknown-table',
          message: `there is no model or source ${table}`,
          ...(hint ? { hint } : {}),
        },
      ];
    }),
  );
}

/** The file that a query stands in: its SQL is line for line the file's. */
function fileOf(report: Report, query: string): string {
  const dataset = report.datasets[query];
  const entry = report.deliver.find(({ id }) => `recipients of ${id}` === query);
  const audience = entry && 'query' in entry.to ? entry.to.query : undefined;
  const file = dataset && 'query' in dataset ? dataset.query : query === 'for_each' ? report.for_each?.query : audience;
  return report.path.replace(/[^/]+$/, file ?? 'report.yml');
}
