import { Fault } from '#engine';
import type { DatasetQuery } from '../query/read-datasets.ts';
import { type SqlScope, sqlScope, sqlText } from '../query/sql-text.ts';
import type { Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';

/** A table that an SQL text names, and where. */
export interface TableReference {
  readonly table: string;
  readonly line: number;
  readonly column: number;
}

/** What preparing must know of the project. */
export interface ProjectFacts {
  readonly vars: Readonly<Record<string, string | number | boolean>>;
  readonly timezone: string;
  /** Models and sources by name, with their time column where they have one. */
  readonly relations: ReadonlyMap<string, { readonly timeColumn?: string | undefined }>;
  /** A query as the warehouse performs it; line for line. Throws `Fault` invalid, naming the file, where it has no such form. */
  readonly performed: (sql: string, file: string) => string;
  /** The tables that an SQL text reads, as `schema.name`. */
  readonly reads: (sql: string) => readonly string[];
  /** The same with their places in the text, lines and columns from 1. */
  readonly references: (sql: string) => readonly TableReference[];
  /** An SQL text with the project's tables where the target has them. Throws `Fault` invalid where that is not certain. */
  readonly placed: (sql: string) => string;
}

/** All that a report asks of the warehouse for one slot, finished SQL by name. */
export interface SlotQueries {
  readonly datasets: readonly DatasetQuery[];
  /** Who gets it, named `recipients of <entry>`; entries that send to a list have none. */
  readonly audiences: readonly DatasetQuery[];
  /** One row an edition, where the report has `for_each`. */
  readonly editions?: DatasetQuery;
}

/** All of them, as they are read in one snapshot. */
export const allOf = ({ datasets, audiences, editions }: SlotQueries): readonly DatasetQuery[] => [
  ...datasets,
  ...audiences,
  ...(editions ? [editions] : []),
];

/** Throws `Fault` invalid where a query names what is not there. */
export function queriesOf(report: Report, slot: Slot, project: ProjectFacts): SlotQueries {
  const scope = sqlScope(slot, project.vars);
  const fromFile = (name: string, file: string): DatasetQuery => {
    return { name, sql: textOf(report, file, scope, project), file: besideReport(report, file) };
  };
  return {
    datasets: Object.entries(report.datasets).map(([name, source]) =>
      'query' in source ? fromFile(name, source.query) : { name, sql: modelSql(source.model, slot, project, report) },
    ),
    audiences: report.deliver.flatMap(({ id, to }) =>
      'query' in to ? [fromFile(`recipients of ${id}`, to.query)] : [],
    ),
    ...(report.for_each ? { editions: fromFile('for_each', report.for_each.query) } : {}),
  };
}

/** The models that a slot waits for: what its queries read of the project. Tables of others cannot be waited for. */
export function modelsRead(queries: SlotQueries, project: ProjectFacts): string[] {
  const tables = allOf(queries).flatMap(({ sql }) => project.reads(sql));
  return [...new Set(tables)].filter((table) => project.relations.has(table)).sort();
}

function textOf(report: Report, file: string, scope: SqlScope, project: ProjectFacts): string {
  const text = report.texts[file];
  const path = besideReport(report, file);
  if (text !== undefined) return project.performed(sqlText(text, scope, { file: path }), path);
  throw new Fault('invalid', `there is no file ${file} beside report.yml`, { place: { file: report.path } });
}

const besideReport = ({ path }: Report, file: string) => path.replace(/[^/]+$/, file);

/** A dataset that is a model: its rows of the slot's days, all of them where it has no time. */
function modelSql(model: string, slot: Slot, project: ProjectFacts, report: Report): string {
  const relation = project.relations.get(model);
  if (relation === undefined) {
    throw new Fault('invalid', `there is no model ${model}`, { place: { file: report.path } });
  }
  const { timeColumn } = relation;
  if (timeColumn === undefined) return `select * from ${model}`;
  const { from, until } = slot.days;
  return `select * from ${model} where ${timeColumn} >= date '${from}' and ${timeColumn} < date '${until}' order by 1, 2`;
}
