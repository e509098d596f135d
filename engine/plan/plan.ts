import { type AddStep, assume } from './assumed.ts';
import { absent, type InputStates, inputsOf, type State } from './node.ts';
import { planSource } from './plan-source.ts';
import { planWhole } from './plan-whole.ts';
import { planWindows } from './plan-windows.ts';
import type { PlanRequest } from './request.ts';
import { stateOf } from './state.ts';
import type { Kept, Plan, Step, Waiting } from './step.ts';

/**
 * The steps that make the selection current, in the order of the data, and what has to wait. A planned step counts as
 * done for the steps after it: its result is given a version that nothing has yet, so that all that reads it is planned too.
 */
export function makePlan(request: PlanRequest): Plan {
  const { calendar } = request;
  const steps: Step[] = [];
  const waiting: Waiting[] = [];
  const kept: Kept[] = [];
  const assumed = assume(request.recorded);
  const states = new Map<string, State>();
  /** The steps to wait for before a node is read. Steps of one node wait for each other, so that its last one will do. */
  const lastOf = new Map<string, readonly number[]>();

  const add: AddStep = (step, inputs) => {
    const id = steps.length + 1;
    const needs = [...new Set([...inputs, step.model].flatMap((name) => lastOf.get(name) ?? []))];
    steps.push({ ...step, id, needs } as Step);
    lastOf.set(step.model, [id]);
    return `planned ${id}`;
  };

  for (const node of request.nodes) {
    const inputs: InputStates = new Map(inputsOf(node).map((name) => [name, states.get(name) ?? absent]));
    if (request.selected.has(node.name) && node.kind !== 'deferred') {
      if (node.kind === 'source') planSource(node, request, assumed, add);
      else if (node.kind === 'incremental') {
        const planned = planWindows(node, inputs, request, assumed, add);
        waiting.push(...planned.waiting);
        kept.push(...planned.kept);
      } else waiting.push(...planWhole(node, inputs, request, assumed, add));
    }
    states.set(node.name, stateOf(node, inputs, assumed, calendar));
    // Who reads a model that has no step of its own waits for the steps behind it.
    if (!lastOf.has(node.name)) {
      lastOf.set(node.name, [...new Set(inputsOf(node).flatMap((input) => lastOf.get(input) ?? []))]);
    }
  }
  return { steps, waiting, kept };
}
