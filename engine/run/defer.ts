import { type Config, type Environment, loadConfig, recordName } from '../config/config.ts';
import { sameWarehouse } from '../config/same-warehouse.ts';
import { Fault } from '../fault.ts';
import { absent, type InputStates, type PlanNode, type State } from '../plan/node.ts';
import type { Recorded } from '../plan/record.ts';
import { stateOf } from '../plan/state.ts';
import { openRecorder } from '../record/recorder.ts';
import { isPrepared } from '../record/schema.ts';
import type { Calendar } from '../time/grain.ts';
import type { Database } from '../warehouse/database.ts';
import { placesOf } from './places.ts';
import { readRecord } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

/** Another environment of the same warehouse, from which is read what this one has not built. */
export interface Deferral {
  /** The target's name. */
  readonly target: string;
  readonly suffix: string;
  readonly recorded: Recorded;
}

/**
 * Reads the record of the environment that is deferred to; it is never written. Throws `Fault` invalid where the target is
 * no other environment of the same warehouse, or nothing was ever built there.
 */
export async function openDeferral(
  { config, project, nodes }: Workspace,
  target: string,
  environment: Environment,
  database: Database,
): Promise<Deferral> {
  const other = loadConfig(config.root, environment, target);
  refuseOther(config, other);
  const suffix = other.schemaSuffix;
  const record = recordName(other);
  if (!(await isPrepared(database, record))) {
    throw new Fault('invalid', `--defer ${target}: this version of the engine has built nothing there yet`, {
      hint: `Run engine run --target ${target} first.`,
    });
  }
  const { own } = placesOf(project, suffix);
  return { target, suffix, recorded: await readRecord(database, openRecorder(record, own), nodes, own) };
}

function refuseOther(config: Config, other: Config): void {
  const said = `--defer ${other.targetName}`;
  if (!sameWarehouse(config.target, other.target)) {
    throw new Fault(
      'invalid',
      `${said}: target ${config.targetName} is another warehouse, and its queries cannot read the tables of ${other.targetName}`,
      { hint: 'Environments of one warehouse are targets of one database with different schema_suffix.' },
    );
  }
  if (config.schemaSuffix === other.schemaSuffix) {
    throw new Fault('invalid', `${said}: that is the environment itself, as both targets have the same schema_suffix`);
  }
}

/**
 * A workspace in which everything that is neither selected nor built here is read from the other environment, as far as the
 * record there covers it.
 */
export function deferTo(
  workspace: Workspace,
  recorded: Recorded,
  selected: ReadonlySet<string>,
  { target, suffix, recorded: theirs }: Deferral,
): Workspace {
  const isHere = (name: string) =>
    selected.has(name) || recorded.builds(name).length > 0 || recorded.loads(name).length > 0;
  const names = new Set(workspace.nodes.flatMap(({ name }) => (isHere(name) ? [] : [name])));
  const states = statesThere(workspace.nodes, theirs, workspace.config.calendar);
  const nodes = workspace.nodes.map(
    (node): PlanNode => (names.has(node.name) ? { kind: 'deferred', name: node.name, state: states(node.name) } : node),
  );
  const places = placesOf(workspace.project, workspace.config.schemaSuffix, { suffix, names });
  return { ...workspace, nodes, places, deferred: { target, names } };
}

/** What each table offers there. It is judged by the SQL, audits and inputs that it was built with, not by those of here. */
function statesThere(nodes: readonly PlanNode[], recorded: Recorded, calendar: Calendar): (name: string) => State {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const states = new Map<string, State>();
  const visit = (name: string): State => {
    const known = states.get(name);
    if (known) return known;
    states.set(name, absent);
    const node = byName.get(name);
    const there = node && asBuilt(node, recorded);
    const inputs: InputStates = new Map(there?.inputs.map((input) => [input, visit(input)]));
    const state = there ? stateOf(there.node, inputs, there.recorded, calendar) : absent;
    states.set(name, state);
    return state;
  };
  return visit;
}

function asBuilt(node: PlanNode, recorded: Recorded) {
  if (node.kind === 'deferred' || node.kind === 'source') return { node, inputs: [], recorded };
  const builds = recorded.builds(node.name);
  const last = builds.at(-1);
  if (!last) return undefined;
  const inputs = Object.keys(last.inputs);
  const audits = (last.audits ?? []).map((hash) => ({ hash, blocking: true }));
  // Older windows may be of older SQL: what stands there is what is read.
  const same = builds.map((build) => ({ ...build, sqlHash: last.sqlHash, audits: last.audits ?? [] }));
  return {
    node: { ...node, sqlHash: last.sqlHash, inputs, audits },
    inputs,
    recorded: { ...recorded, builds: () => same },
  };
}
