import type { Answer, Answers } from '../graph/select.ts';
import type { PlanNode } from '../plan/node.ts';
import type { Recorded } from '../plan/record.ts';
import { standingOf } from '../plan/standing.ts';
import type { StepRow } from '../record/run-history.ts';
import { inputStatesOf, statesOf } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

/** What `state:`, `window:` and `result:` may ask, answered from the record and from the steps of the latest run. */
export function answersOf({ nodes, config }: Workspace, recorded: Recorded, latest: readonly StepRow[]): Answers {
  return {
    state: stateAnswer(nodes, recorded),
    window: windowAnswer(nodes, recorded, config.calendar),
    result: resultAnswer(latest),
  };
}

function answer(ids: Readonly<Record<string, () => Iterable<string>>>): Answer {
  return { words: Object.keys(ids), ids: (word) => ids[word]?.() ?? [] };
}

/** `modified`: its SQL is not that of its latest build, or it has none. `new`: it has none. */
function stateAnswer(nodes: readonly PlanNode[], recorded: Recorded): Answer {
  const models = nodes.filter((node) => node.kind !== 'source' && node.kind !== 'deferred');
  const last = (name: string) => recorded.builds(name).at(-1)?.sqlHash;
  const named = (which: (node: (typeof models)[number]) => boolean) => () =>
    models.filter(which).map(({ name }) => name);
  return answer({
    modified: named((node) => last(node.name) !== node.sqlHash),
    new: named((node) => last(node.name) === undefined),
  });
}

/** `missing`: a window that was never built. `stale`: one that was built from other SQL or inputs. `unaudited`: one that a
 * new audit was not asked about. */
function windowAnswer(
  nodes: readonly PlanNode[],
  recorded: Recorded,
  calendar: Workspace['config']['calendar'],
): Answer {
  const states = statesOf(nodes, recorded, calendar);
  const which = (key: 'missing' | 'stale' | 'unasked') => () =>
    nodes.flatMap((node) => {
      if (node.kind !== 'incremental') return [];
      const standing = standingOf(node, inputStatesOf(node, states), recorded, calendar);
      return standing[key].length > 0 ? [node.name] : [];
    });
  return answer({ missing: which('missing'), stale: which('stale'), unaudited: which('unasked') });
}

/** What became of each model in the latest run; `failed` are all that did not end well. */
function resultAnswer(latest: readonly StepRow[]): Answer {
  const bad = new Set(['failed', 'audit-failed']);
  const named = (which: (outcome: string | null) => boolean) => () =>
    new Set(latest.filter(({ outcome }) => which(outcome)).map(({ model }) => model));
  return answer({
    failed: named((outcome) => outcome !== null && bad.has(outcome)),
    blocked: named((outcome) => outcome === 'blocked'),
    cancelled: named((outcome) => outcome === 'cancelled' || outcome === null),
    built: named((outcome) => outcome === 'built'),
  });
}
