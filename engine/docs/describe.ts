import { type GraphNode, idOf } from '../graph/graph.ts';
import type { NodeColumns } from '../lineage/project.ts';
import type { Recorded } from '../plan/record.ts';
import { standingOf } from '../plan/standing.ts';
import type { Audit } from '../project/audit.ts';
import type { Model } from '../project/model.ts';
import type { RunRow } from '../record/run-history.ts';
import { inputStatesOf, statesOf } from '../run/warehouse-record.ts';
import type { Workspace } from '../run/workspace.ts';
import type { Duration } from '../time/grain.ts';
import { dayMarks } from './day-marks.ts';
import { layout } from './layout.ts';
import type { DocumentedColumn, DocumentedDays, DocumentedNode, Site } from './site.ts';

/** What only the databases know. */
export interface LiveFacts {
  readonly recorded: Recorded;
  readonly runs: readonly RunRow[];
  /** Types by column, by table; of what is not there nothing. */
  readonly types: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const shownKinds: ReadonlySet<string> = new Set(['model', 'source', 'seed', 'report']);

/**
 * The whole site of a project, with what the databases add to its files. `columns`: what its queries give, of models by
 * their name, of reports by `report:name.query`.
 */
export function describeProject(
  workspace: Workspace,
  columns: ReadonlyMap<string, NodeColumns>,
  made: Date,
  live?: LiveFacts,
): Site {
  const { config, graph } = workspace;
  const shown = graph.nodes.filter(({ kind }) => shownKinds.has(kind));
  const places = layout(shown.map((node) => ({ name: idOf(node), reads: node.reads })));
  const days = live ? daysOf(workspace, live.recorded) : new Map<string, DocumentedDays>();
  return {
    project: config.name,
    target: config.targetName,
    timezone: config.calendar.timezone,
    made: made.toISOString(),
    live: live !== undefined,
    nodes: shown.map((node) => {
      const marks = days.get(node.name);
      return {
        ...describeNode(node, workspace, live?.types.get(node.name), columns),
        ...(marks ? { days: marks } : {}),
        at: places.get(idOf(node)) ?? { rank: 0, row: 0 },
      };
    }),
    runs: live?.runs ?? [],
  };
}

function describeNode(
  node: GraphNode,
  { project, columns }: Workspace,
  types: ReadonlyMap<string, string> | undefined,
  read: ReadonlyMap<string, NodeColumns>,
): Omit<DocumentedNode, 'at' | 'days'> {
  const { name, path, tags, reads } = node;
  const model = node.kind === 'model' ? project.models.get(name) : undefined;
  const source = project.sources.get(name);
  const declared: Readonly<Record<string, { type?: unknown; description?: unknown; unit?: unknown }>> =
    model?.columns ?? source?.columns ?? {};
  const made = node.kind === 'report' ? reportColumns(node, read) : columnsMade(read.get(name));
  const names = [...new Set([...(types?.keys() ?? columns(name) ?? made.keys()), ...Object.keys(declared)])];
  return {
    name,
    kind: node.kind as DocumentedNode['kind'],
    path,
    description: model?.description ?? source?.description ?? '',
    tags,
    reads,
    facts: model
      ? factsOf(model)
      : source
        ? [...known('time column', source.timeColumn), ...known('files', source.filePattern)]
        : [],
    columns: names.map((column): DocumentedColumn => {
      const { type, description, unit } = declared[column] ?? {};
      return {
        name: column,
        ...texts({ type: types?.get(column) ?? type, description, unit }),
        ...made.get(column),
      };
    }),
    audits: model?.audits.map(auditInWords) ?? [],
    tests: project.tests.filter((test) => test.model === name).map((test) => test.name),
    ...(model ? { sql: model.body.trim() } : {}),
  };
}

type Made = Pick<DocumentedColumn, 'from' | 'partial'>;

/** The columns that a query gives, with what they are made from. */
function columnsMade(found: NodeColumns | undefined, prefix = ''): Map<string, Made> {
  const columns = found?.relation.columns ?? [];
  return new Map(
    columns.map(({ name, origins, partial }) => {
      const from = origins.map((origin) => `${origin.table}.${origin.column}`);
      return [prefix + name, { from, ...(partial ? { partial } : {}) }];
    }),
  );
}

/** A report's columns are those of its queries, `query.column`. */
function reportColumns(node: GraphNode, read: ReadonlyMap<string, NodeColumns>): Map<string, Made> {
  const start = `${idOf(node)}.`;
  return new Map(
    [...read].flatMap(([name, found]) =>
      name.startsWith(start) ? [...columnsMade(found, `${name.slice(start.length)}.`)] : [],
    ),
  );
}

/** What is said, and nothing of what is not. */
function texts(of: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(of).flatMap(([key, value]) => (typeof value === 'string' && value !== '' ? [[key, value]] : [])),
  );
}

const known = (key: string, value: string | undefined): [string, string][] =>
  value === undefined || value === '' ? [] : [[key, value]];

function factsOf({ materialized, windowing, uniqueKey, timeColumn, contract, onSchemaChange }: Model) {
  const back = Object.entries(windowing?.readsBack ?? {}).map(([input, span]) => `${input} ${inWords(span)}`);
  return [
    ...known('materialized', materialized),
    ...known('windows', windowing && `${windowing.grain}s of ${windowing.timeColumn}`),
    ...known('time column', windowing ? undefined : timeColumn),
    ...known('start', windowing?.start),
    ...known('reads back', back.join(', ')),
    ...known('lookback', windowing?.lookback && inWords(windowing.lookback)),
    ...known('unique key', uniqueKey.join(', ')),
    ...known('contract', contract ? 'the columns below, exactly' : undefined),
    ...known('on schema change', onSchemaChange === 'fail' ? undefined : onSchemaChange),
  ];
}

const inWords = ({ count, unit }: Duration) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** An audit as a line. */
export function auditInWords(audit: Audit): string {
  const said = ((): string => {
    switch (audit.kind) {
      case 'not_null':
        return `not null: ${audit.columns.join(', ')}`;
      case 'unique':
        return `unique: ${audit.columns.join(', ')}`;
      case 'accepted_values':
        return `${audit.column} is one of ${audit.values.join(', ')}`;
      case 'relationships':
        return `${audit.column} is in ${audit.to}.${audit.field}`;
      case 'expression':
        return audit.sql;
      case 'row_count':
        return `at least ${audit.min} rows${audit.max === undefined ? '' : `, at most ${audit.max}`}`;
      case 'freshness':
        return `${audit.column} is at most ${inWords(audit.within)} old`;
      case 'sql':
        return `no rows from ${audit.name}.sql`;
    }
  })();
  return audit.severity === 'warn' ? `${said} (warns)` : said;
}

/** The days of every table that has days, by name. */
function daysOf({ nodes, config }: Workspace, recorded: Recorded): Map<string, DocumentedDays> {
  const { calendar } = config;
  const states = statesOf(nodes, recorded, calendar);
  const found = new Map<string, DocumentedDays>();
  for (const node of nodes) {
    const state = states.get(node.name);
    if (state?.kind !== 'timed') continue;
    const standing =
      node.kind === 'incremental' ? standingOf(node, inputStatesOf(node, states), recorded, calendar) : undefined;
    const days = dayMarks(
      {
        current: state.segments,
        stale: [...(standing?.stale ?? []), ...(state.unaudited ?? [])],
        missing: standing?.missing ?? [],
      },
      calendar,
    );
    if (days) found.set(node.name, days);
  }
  return found;
}
