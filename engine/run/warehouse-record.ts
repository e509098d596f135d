import { recordName } from '../config/config.ts';
import type { Own, Recorder } from '../execute/port.ts';
import { relationName } from '../execute/stage.ts';
import { absent, type InputStates, inputsOf, type PlanNode, type State } from '../plan/node.ts';
import type { Recorded } from '../plan/record.ts';
import { stateOf } from '../plan/state.ts';
import { openRecorder } from '../record/recorder.ts';
import type { Calendar } from '../time/grain.ts';
import { type Relation, type RelationName, relationsIn } from '../warehouse/catalogue.ts';
import type { Session } from '../warehouse/database.ts';
import type { Workspace } from './workspace.ts';

/**
 * What is recorded about a project's nodes and really there. A table that somebody dropped, or put another in its place,
 * and what is of another kind than its record says, counts as never built; its sequence goes on.
 */
export async function readRecord(
  session: Session,
  recorder: Recorder,
  nodes: readonly PlanNode[],
  own: Own = relationName,
): Promise<Recorded> {
  const names = nodes.map((node) => node.name);
  const recorded = await recorder.read(session, names);
  const schemas = [...new Set(names.map((name) => own(name).schema))];
  const relations = new Map(
    (await relationsIn(session, schemas)).map((relation) => [showRelation(relation), relation]),
  );
  const there = (name: string) => relations.get(showRelation(own(name)));
  const counts = new Map(nodes.map((node) => [node.name, countsFor(node, there(node.name))]));
  const none = () => false;
  return {
    builds: (model) => recorded.builds(model).filter(counts.get(model) ?? none),
    loads: (source) => recorded.loads(source).filter(counts.get(source) ?? none),
    passes: recorded.passes,
    sequence: recorded.sequence,
  };
}

const showRelation = ({ schema, name }: RelationName) => `${schema}.${name}`;

/** The record of a workspace's own environment. */
export const recorderOf = ({ config, places }: Pick<Workspace, 'config' | 'places'>): Recorder =>
  openRecorder(recordName(config), places.own);

/** What is recorded in a workspace's own environment, and really there. */
export const readOwnRecord = (session: Session, workspace: Workspace): Promise<Recorded> =>
  readRecord(session, recorderOf(workspace), workspace.nodes, workspace.places.own);

/** Whether a build or load of a node went into what is there now. */
function countsFor(node: PlanNode, there: Relation | undefined): (one: { readonly relation?: string }) => boolean {
  // A view holds no rows, and what others load is theirs to swap: of these it counts that they are there.
  if (node.kind === 'view') return () => there?.kind === 'view';
  if (node.kind === 'source' && node.watched) return () => there !== undefined;
  if (there?.kind !== 'table') return () => false;
  return ({ relation }) => relation === undefined || relation === there.id;
}

/** What every node offers now, by name. Nodes come inputs first. */
export function statesOf(nodes: readonly PlanNode[], recorded: Recorded, calendar: Calendar): Map<string, State> {
  const states = new Map<string, State>();
  for (const node of nodes) {
    states.set(node.name, stateOf(node, inputStatesOf(node, states), recorded, calendar));
  }
  return states;
}

/** The states of what a node reads, out of those of all nodes. */
export function inputStatesOf(node: PlanNode, states: ReadonlyMap<string, State>): InputStates {
  return new Map(inputsOf(node).map((name) => [name, states.get(name) ?? absent]));
}
