import { didYouMean } from '../config/nearest.ts';
import type { Place, Problem } from '../fault.ts';
import { type Graph, type GraphNode, idOf } from './graph.ts';
import { matching } from './matching.ts';
import { type AskedCriterion, type AskedMethod, type Criterion, type Misfit, parseSelection } from './selector.ts';

/** What a person asks for; nothing selected is everything. */
export interface Request {
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  /** Where it is written, for problems; without it they name the option. */
  readonly place?: Place;
}

/** What another room knows of `state:`, `result:` or `window:`: the words it understands, and the ids each stands for. */
export interface Answer {
  readonly words: readonly string[];
  ids(word: string): Iterable<string>;
}

export type Answers = { readonly [method in AskedMethod]?: Answer };

export type Selected =
  | { readonly ok: true; readonly nodes: readonly GraphNode[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * The nodes that a request selects, in the graph's order. A word that names nothing is a problem, with the nearest right
 * one; that an intersection, or an answer of another room, is empty is none.
 */
export function select(graph: Graph, request: Request, answers: Answers = {}): Selected {
  const chosen = evaluate(graph, request.select, request.place ?? { file: '--select' }, answers);
  const left = evaluate(graph, request.exclude, request.place ?? { file: '--exclude' }, answers);
  const problems = [...chosen.problems, ...left.problems];
  if (problems.length > 0) return { ok: false, problems };
  const all = request.select === undefined || request.select.length === 0;
  const nodes = graph.nodes.filter((node) => (all || chosen.ids.has(idOf(node))) && !left.ids.has(idOf(node)));
  return { ok: true, nodes };
}

/** Which other rooms a request asks, so that their answers can be fetched before. */
export function asked({ select = [], exclude = [] }: Request): AskedMethod[] {
  const criteria = parseSelection([...select, ...exclude]).selection.flat();
  return [...new Set(criteria.filter(isAsked).map(({ method }) => method))];
}

function evaluate(graph: Graph, texts: readonly string[] = [], place: Place, answers: Answers) {
  const { selection, misfits } = parseSelection(texts);
  const wrong = [...misfits];
  const found = new Set<string>();
  const find = matching(graph);
  for (const criteria of selection) {
    const sets = criteria.map((criterion) => {
      const ids = isAsked(criterion) ? ask(criterion, answers) : find(criterion);
      if (ids instanceof Set) return spread(graph, criterion, ids);
      wrong.push(ids);
      return new Set<string>();
    });
    const [first = new Set<string>(), ...others] = sets;
    for (const id of first) if (others.every((set) => set.has(id))) found.add(id);
  }
  return { ids: found, problems: wrong.map((misfit) => problemAt(misfit, place)) };
}

function spread(graph: Graph, { up, down, around }: Criterion, found: Set<string>): Set<string> {
  if (around) return graph.upstream(graph.downstream(found));
  const above = up > 0 ? graph.upstream(found, up) : found;
  return down > 0 ? new Set([...above, ...graph.downstream(found, down)]) : above;
}

function isAsked(criterion: Criterion): criterion is AskedCriterion {
  return criterion.method === 'state' || criterion.method === 'result' || criterion.method === 'window';
}

function ask({ word, method, value }: AskedCriterion, answers: Answers): Set<string> | Misfit {
  const answer = answers[method];
  if (answer === undefined)
    return {
      code: 'selects-nothing',
      message: `"${word}" cannot be asked here`,
      hint: `Nothing is known of ${method}: here.`,
    };
  if (answer.words.includes(value)) return new Set(answer.ids(value));
  return {
    code: 'selects-nothing',
    message: `"${word}": there is no ${method}:${value}`,
    hint: didYouMean(value, answer.words),
  };
}

function problemAt({ code, message, hint }: Misfit, place: Place): Problem {
  return { ...place, severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) };
}
