import { createHash } from 'node:crypto';
import { type CompiledModel, compileModels } from '../compile/compile.ts';
import { type Config, type Environment, findRoot, loadConfig } from '../config/config.ts';
import type { Dialect } from '../config/dialect.ts';
import { Fault, type Problem } from '../fault.ts';
import { buildGraph, type Graph, type GraphNode } from '../graph/graph.ts';
import type { KnownColumns } from '../local/local.ts';
import type { AuditMark } from '../plan/audited.ts';
import type { PlanNode } from '../plan/node.ts';
import { loadProject, type Project } from '../project/project.ts';
import { canonicalHash } from '../sql/canonical.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { auditMarks } from './audit-marks.ts';
import { inlineEphemerals } from './ephemeral.ts';
import type { Exposure } from './exposure.ts';
import { knownColumns } from './known-columns.ts';
import { localModels, localTexts, rewritesFor, withLocalSources } from './local-models.ts';
import { filterProblems, forbiddenProblems, knownTables, localProblems, readsOf } from './model-problems.ts';
import { type Places, placesOf, suffixProblems } from './places.ts';
import { dagProblems, liquidProblems, poolProblems } from './setting-problems.ts';

/** A project read, compiled and understood: all that its files say, and nothing of any warehouse. */
export interface Workspace {
  readonly config: Config;
  readonly project: Project;
  /** As they are built: what they render is SQL of the target; their text is the author's. */
  readonly models: ReadonlyMap<string, CompiledModel>;
  /** The same, but what they render is the author's SQL, too. */
  readonly written: ReadonlyMap<string, CompiledModel>;
  /** As their files say: ephemeral models are read by their names. */
  readonly authored: ReadonlyMap<string, CompiledModel>;
  /** What reads the tables from outside; undefined until it was asked for. */
  readonly exposures?: readonly Exposure[];
  /** The columns of the project's tables, where they are certain before anything is built. */
  readonly columns: KnownColumns;
  /** Sources, models and dags with what they read. */
  readonly graph: Graph;
  /** Sources and models as planning sees them, inputs before their readers. */
  readonly nodes: readonly PlanNode[];
  /** Where its tables stand and are read. */
  readonly places: Places;
  /** What is read from another environment, and from which target; undefined where nothing is. */
  readonly deferred?: { readonly target: string; readonly names: ReadonlySet<string> };
  readonly problems: readonly Problem[];
}

/** Reads the project around a folder. Throws `Fault` invalid only for project.yml; all other problems come as a list. */
export function readWorkspace(folder: string, environment: Environment, targetName?: string): Workspace {
  const root = findRoot(folder);
  const config = loadConfig(root, environment, targetName);
  const loaded = loadProject(root);
  const rewritten = rewritesFor(config);
  const project = rewritten ? withLocalSources(loaded) : loaded;
  const compiled = compileModels(root, project.models.values(), {
    vars: config.vars,
    target: { name: config.targetName, type: config.target.type },
    calendar: config.calendar,
  });
  const problems = [...project.problems, ...compiled.problems];
  const known = knownTables(project);
  const { dialect } = config;
  const written = inlineEphemerals(compiled.models, dialect);
  const columns = knownColumns(project, compiled.models);
  const models = rewritten ? localModels(written, columns) : written;
  const graphNodes: GraphNode[] = [...project.sources.values()].map((source) => ({
    name: source.name,
    kind: source.seed ? 'seed' : 'source',
    path: source.path,
    tags: source.tags,
    reads: [],
  }));
  for (const one of compiled.models.values()) {
    const { model, text } = one;
    const forbidden = forbiddenProblems(one, dialect);
    problems.push(...forbidden);
    if (rewritten && forbidden.length === 0) problems.push(...localProblems(one, columns));
    const found = readsOf(model, text, known, dialect);
    problems.push(...found.problems, ...filterProblems(one, project, dialect));
    graphNodes.push({
      name: model.name,
      kind: 'model',
      path: model.path,
      materialized: model.materialized,
      tags: model.tags,
      reads: found.reads,
    });
  }
  for (const { model, name, path } of project.tests) {
    graphNodes.push({ name: `${model}.${name}`, kind: 'test', path, tags: [], reads: [model] });
  }
  for (const dag of project.dags.values()) {
    graphNodes.push({ name: dag.name, kind: 'dag', path: dag.path, tags: [], reads: [] });
  }
  const { graph, problems: circles } = buildGraph(graphNodes);
  problems.push(
    ...circles,
    ...liquidProblems(project, config),
    ...poolProblems(project, config),
    ...dagProblems(project, graph, 'unknown'),
    ...suffixProblems(project, rewritten ? localTexts(compiled.models, columns) : compiled.models.values(), config),
  );
  const nodes = graph.nodes.flatMap((node) => planNode(node, readThrough(node, graph), project, written, config) ?? []);
  const places = placesOf(project, config.schemaSuffix);
  return { config, project, models, written, authored: compiled.models, columns, graph, nodes, places, problems };
}

/** The workspace, or a `Fault` invalid with all its errors: for commands that act on it. */
export function openWorkspace(folder: string, environment: Environment, targetName?: string): Workspace {
  const workspace = readWorkspace(folder, environment, targetName);
  refuseErrors(workspace.problems);
  return workspace;
}

/** Throws `Fault` invalid with the errors among problems, where there are any. */
export function refuseErrors(problems: readonly Problem[]): void {
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length === 0) return;
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  throw new Fault('invalid', `the project has ${count}; nothing was done`, { problems: errors });
}

/** The names that a node reads; in the place of an ephemeral model what that reads. */
function readThrough(node: GraphNode, graph: Graph, seen: ReadonlySet<string> = new Set()): string[] {
  const names = node.reads.flatMap((name) => {
    const input = graph.get(name);
    if (input?.materialized !== 'ephemeral' || seen.has(name)) return [name];
    return readThrough(input, graph, new Set([...seen, name]));
  });
  return [...new Set(names)];
}

function planNode(
  { name }: GraphNode,
  inputs: readonly string[],
  project: Project,
  models: ReadonlyMap<string, CompiledModel>,
  config: Config,
): PlanNode | undefined {
  const source = project.sources.get(name);
  if (source) {
    const timed = source.timeColumn !== undefined;
    return { kind: 'source', name, timed, restates: source.restates, watched: source.watch !== undefined };
  }
  const compiled = models.get(name);
  if (!compiled) return undefined;
  const { model } = compiled;
  if (model.materialized === 'ephemeral') return undefined;
  const { dialect } = config;
  const common = { name, inputs, sqlHash: hashOf(compiled, dialect), audits: marksOf(compiled, dialect) };
  if (model.windowing) {
    const { timezone } = config.calendar;
    const day = model.windowing.start === undefined ? undefined : parseDay(model.windowing.start);
    const start = day === undefined ? undefined : startOfDay(timezone, day);
    return { kind: 'incremental', ...common, windowing: model.windowing, start };
  }
  if (model.materialized !== 'view') {
    return { kind: 'table', ...common, restates: model.restates || model.timeColumn !== undefined };
  }
  return { kind: 'view', ...common, restates: model.restates };
}

/** A model's audits; of a file that cannot be rendered none, which its problem tells. */
function marksOf(compiled: CompiledModel, dialect: Dialect): AuditMark[] {
  try {
    return auditMarks(compiled, dialect);
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}

/** What a build is made from: the canonical SQL and the header's words that change what it means. */
function hashOf({ model, text }: CompiledModel, dialect: Dialect): string {
  const { materialized, windowing, columns, uniqueKey } = model;
  const types = Object.entries(columns).map(([name, { type }]) => [name, type]);
  const meaning: unknown[] = [
    canonicalHash(text, dialect),
    materialized,
    windowing?.timeColumn,
    windowing?.grain,
    types,
  ];
  if (materialized === 'incremental' && !windowing) meaning.push(uniqueKey);
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
}
