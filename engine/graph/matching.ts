import { didYouMean } from '../config/nearest.ts';
import { type Graph, type GraphNode, idOf, type NodeKind } from './graph.ts';
import type { Misfit, OwnCriterion, OwnMethod } from './selector.ts';
import { folders, isWildcard, nameMatcher, pathMatcher } from './wildcard.ts';

/** The ids that one word names, before any `+` or `@`; or why it names none. */
export type Find = (criterion: OwnCriterion) => Set<string> | Misfit;

/** How the words of a selection find nodes of a graph. */
export function matching(graph: Graph): Find {
  const { nodes } = graph;
  const of = (...kinds: readonly NodeKind[]) => nodes.filter(({ kind }) => kinds.includes(kind));

  const byTag: Find = ({ word, value }) => {
    const matches = nameMatcher(value);
    const found = nodes.filter(({ tags }) => tags.some(matches));
    return idsOr(found, () => nothing(word, value, tagsOf(nodes)));
  };

  const byPath: Find = ({ word, value }) => {
    const matches = pathMatcher(value);
    const found = nodes.filter(({ path }) => matches(path));
    return idsOr(found, () => nothing(word, value, pathsOf(nodes)));
  };

  const bySource: Find = ({ word, value }) => {
    const matches = nameMatcher(value);
    const sources = of('source');
    const found = sources.filter(({ name }) => matches(name) || matches(schemaOf(name)));
    return idsOr(found, () =>
      nothing(word, value, [...namesOf(sources), ...sources.map(({ name }) => schemaOf(name))]),
    );
  };

  /** A report and all that it needs. */
  const byReport: Find = ({ word, value }) => {
    const matches = nameMatcher(value);
    const found = of('report').filter(({ name }) => matches(name));
    return found.length > 0 ? graph.upstream(found.map(idOf)) : nothing(word, value, namesOf(of('report')));
  };

  const byConfig: Find = ({ word, key, value }) => {
    const setting = settings.get(key ?? '');
    if (setting === undefined)
      return {
        code: 'selection',
        message: `"${word}": there is no config.${key}`,
        hint: didYouMean(key ?? '', settings.keys()),
      };
    const matches = nameMatcher(value);
    const found = nodes.filter((node) => setting(node).some(matches));
    return idsOr(found, () => nothing(word, value, nodes.flatMap(setting)));
  };

  /** A full name; a bare name, where only one has it; or a pattern for either. Sources and reports have their own methods. */
  const byName: Find = (criterion) => {
    const { word, value } = criterion;
    if (value.includes('/')) return byPath(criterion);
    const named = of('model', 'seed', 'test');
    const matches = nameMatcher(value);
    const full = named.filter(({ name }) => matches(name));
    const bare = named.filter(({ name }) => matches(bareOf(name)));
    if (isWildcard(value)) return idsOr([...full, ...bare], () => nothing(word, value, namesOf(named)));
    if (full.length > 0 || bare.length < 2)
      return idsOr(full.length > 0 ? full : bare, () => noName(graph, named, word, value));
    return {
      code: 'ambiguous',
      message: `"${word}" may be any of ${namesOf(bare).join(', ')}`,
      hint: 'Write the full name.',
    };
  };

  const find: Readonly<Record<OwnMethod, Find>> = {
    name: byName,
    tag: byTag,
    path: byPath,
    source: bySource,
    report: byReport,
    config: byConfig,
  };
  return (criterion) => find[criterion.method](criterion);
}

/** What `config.<key>:` may ask for. */
const settings: ReadonlyMap<string, (node: GraphNode) => readonly string[]> = new Map([
  ['materialized', ({ materialized }: GraphNode) => (materialized === undefined ? [] : [materialized])],
  ['tags', ({ tags }: GraphNode) => tags],
]);

function idsOr(found: readonly GraphNode[], otherwise: () => Misfit): Set<string> | Misfit {
  return found.length > 0 ? new Set(found.map(idOf)) : otherwise();
}

function nothing(word: string, value: string, known: readonly string[]): Misfit {
  return { code: 'selects-nothing', message: `"${word}" selects nothing`, hint: didYouMean(value, new Set(known)) };
}

/** A name that no model has may be the name of something else. */
function noName(graph: Graph, named: readonly GraphNode[], word: string, value: string): Misfit {
  const instead = [
    { form: `source:${value}`, fits: graph.get(value)?.kind === 'source' },
    { form: `report:${value}`, fits: graph.get(`report:${value}`) !== undefined },
    { form: `${value}.*`, fits: named.some(({ name }) => schemaOf(name) === value) },
    { form: `tag:${value}`, fits: graph.nodes.some(({ tags }) => tags.includes(value)) },
  ].find(({ fits }) => fits);
  const misfit = nothing(word, value, value.includes('.') ? namesOf(named) : named.map(({ name }) => bareOf(name)));
  return instead ? { ...misfit, hint: `Write ${instead.form}.` } : misfit;
}

const namesOf = (nodes: readonly GraphNode[]) => nodes.map(({ name }) => name);
const tagsOf = (nodes: readonly GraphNode[]) => nodes.flatMap(({ tags }) => tags);
const pathsOf = (nodes: readonly GraphNode[]) => nodes.flatMap(({ path }) => [...folders(path), path]);
const schemaOf = (name: string) => name.slice(0, Math.max(0, name.indexOf('.')));
const bareOf = (name: string) => name.slice(name.indexOf('.') + 1);
