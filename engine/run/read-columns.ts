import { join } from 'node:path';
import { fileColumn } from '../execute/load-file.ts';
import type { TableColumns } from '../lineage/column.ts';
import { type LineageNode, type NodeColumns, resolveNodes } from '../lineage/project.ts';
import type { Model } from '../project/model.ts';
import type { Reading } from '../reading/reading.ts';
import { readingsOf } from '../reading/store.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import { rewritesFor } from './local-models.ts';
import type { Workspace } from './workspace.ts';

/** A project's texts as the parsers read them, and the columns that follow. */
export interface ReadColumns {
  /** By the author's text. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** Of models by `schema.name`, of reports' queries by `report:name.query`. */
  readonly columns: ReadonlyMap<string, NodeColumns>;
}

/**
 * Reads the columns of all models, and of the reports where the workspace has them; or of `some` models with what they
 * read, and of nothing else. Needs no warehouse.
 */
export async function readColumns(workspace: Workspace, some?: ReadonlySet<string>): Promise<ReadColumns> {
  const { config, authored, project, graph } = workspace;
  const { dialect } = config;
  const file = join(config.root, 'var', 'cache', 'readings.json');
  const wanted = some && graph.upstream(some);
  const texts = [...authored.values()].flatMap(({ text, model }) =>
    !wanted || wanted.has(model.name) ? [text, ...expressionsOn(model)] : [],
  );
  // A report's queries come in the form that is performed here.
  const performed: SqlDialect = rewritesFor(config) ? 'postgres' : dialect;
  const queries = (some ? [] : (workspace.exposures ?? [])).flatMap((exposure) =>
    (exposure.queries ?? []).map((query) => ({ ...query, name: `report:${exposure.name}.${query.name}` })),
  );
  const ofReports = queries.map(({ sql }) => sql);
  const readings = new Map([
    ...(await readingsOf(texts, dialect, file, some ? 'some' : 'all')),
    ...(await readingsOf(ofReports, performed, file.replace('readings', 'report-readings'))),
  ]);
  const nodes = graph.nodes.flatMap(({ name }): LineageNode[] => {
    const one = authored.get(name);
    if (!one || (wanted && !wanted.has(name))) return [];
    const { materialized, onSchemaChange } = one.model;
    const grows = materialized === 'snapshot' || (materialized === 'incremental' && onSchemaChange === 'add');
    return [{ name, dialect, reading: readings.get(one.text), declared: workspace.columns(name), grows }];
  });
  const reports = queries.map(
    ({ name, sql }): LineageNode => ({
      name,
      dialect: performed,
      reading: readings.get(sql),
      declared: undefined,
      grows: false,
    }),
  );
  return { readings, columns: resolveNodes([...nodes, ...reports], sourceColumns(project.sources)) };
}

/** A table that others load may have more columns than are declared. */
function sourceColumns(sources: Workspace['project']['sources']): TableColumns {
  return (table) => {
    const source = sources.get(table);
    if (!source) return undefined;
    const names = Object.keys(source.columns);
    return source.watch ? { names, complete: false } : { names: [...names, fileColumn], complete: true };
  };
}

/** The conditions of a model's audits as queries over it. */
export function expressionsOn({ name, audits }: Model): string[] {
  return audits.flatMap((audit) => (audit.kind === 'expression' ? [expressionOn(name, audit.sql)] : []));
}

/** A condition as a query over a table. */
export const expressionOn = (table: string, condition: string): string => `select (${condition}) from ${table}`;
