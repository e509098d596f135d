import type { Recorder } from '../execute/port.ts';
import { absent, inputsOf, type PlanNode, type State } from '../plan/node.ts';
import type { Recorded } from '../plan/record.ts';
import { stateOf } from '../plan/state.ts';
import { recordedOf } from '../record/recorder.ts';
import type { Calendar } from '../time/grain.ts';
import { relationsIn } from '../warehouse/catalogue.ts';
import type { Session } from '../warehouse/database.ts';

/**
 * What is recorded about a project's nodes and really there: a table or view that somebody dropped, or that is of another
 * kind than its record says, counts as never built.
 */
export async function readRecord(session: Session, recorder: Recorder, nodes: readonly PlanNode[]): Promise<Recorded> {
  const names = nodes.map((node) => node.name);
  const recorded = await recorder.read(session, names);
  const schemas = [...new Set(names.map((name) => name.split('.')[0] ?? ''))];
  const relations = new Map(
    (await relationsIn(session, schemas)).map(({ schema, name, kind }) => [`${schema}.${name}`, kind]),
  );
  const there = nodes.filter((node) => {
    const kind = relations.get(node.name);
    // What others load may be anything that can be read.
    return node.kind === 'source' ? kind !== undefined : kind === (node.kind === 'view' ? 'view' : 'table');
  });
  return recordedOf(
    there.flatMap((node) => recorded.builds(node.name)),
    there.flatMap((node) => recorded.loads(node.name)),
  );
}

/** What every node offers now, by name. Nodes come inputs first. */
export function statesOf(nodes: readonly PlanNode[], recorded: Recorded, calendar: Calendar): Map<string, State> {
  const states = new Map<string, State>();
  for (const node of nodes) {
    const inputs = new Map(inputsOf(node).map((name) => [name, states.get(name) ?? absent]));
    states.set(node.name, stateOf(node, inputs, recorded, calendar));
  }
  return states;
}
