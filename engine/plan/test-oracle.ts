import { type Calendar, floorTo, nextAfter, shift } from '../time/grain.ts';
import type { IncrementalNode, PlanNode } from './node.ts';

/** Half an hour: every edge of a window lies on one, whatever the zone. */
const atom = 30 * 60_000;

interface StoredWindow {
  /** What the window was computed from: every half hour of every input that it read, and what was there. */
  readonly read: string;
  readonly sqlHash: string;
  readonly rows: string;
  /** Changes when, and only when, the rows do. */
  readonly token: string;
  readonly horizon: number;
}

/** Something said of a node: for sources by half hour, for lists of one thing under the key "all". */
type Content = ReadonlyMap<number | 'all', string>;

export interface Oracle {
  /** A source holds this now. */
  hold(source: string, content: Content): void;
  /**
   * What a run of some models builds, window by window, as `model instant`, as a plan has to assume: every
   * window comes out otherwise. Nothing is remembered.
   */
  foresee(nodes: readonly PlanNode[], selected: ReadonlySet<string>): string[];
  /** The same of what was `planned`, remembered; windows whose rows come out as before keep their token. */
  run(nodes: readonly PlanNode[], planned: ReadonlySet<string>): string[];
  /** The rows of a window as last built. */
  rowsOf(model: string, window: number): string;
}

/**
 * The truth about staleness, by brute force: it stores what each window was computed from, and builds again what would be
 * computed from something else now. It knows half hours, not ranges.
 */
export function oracle(calendar: Calendar, rowsFrom: (read: string, sqlHash: string) => string): Oracle {
  const sources = new Map<string, Content>();
  let windows = new Map<string, Map<number, StoredWindow>>();
  let views = new Map<string, string>();
  let counter = 0;

  function simulate(
    nodes: readonly PlanNode[],
    may: (model: string, window?: number) => boolean,
    blind: boolean,
  ): string[] {
    const built: string[] = [];
    const contents = new Map<string, Content>();
    for (const node of nodes) {
      if (node.kind === 'source') contents.set(node.name, sources.get(node.name) ?? new Map());
      else if (node.kind === 'view') contents.set(node.name, viewContent(node, contents, may, built));
      else if (node.kind === 'incremental') {
        contents.set(node.name, windowContent(node, nodes, contents, may, blind, built));
      }
    }
    return built;
  }

  function viewContent(
    node: Extract<PlanNode, { kind: 'view' }>,
    contents: ReadonlyMap<string, Content>,
    may: (model: string) => boolean,
    built: string[],
  ): Content {
    const inputs = node.inputs.map((name) => contents.get(name) ?? new Map());
    const ready = inputs.every((content) => content.size > 0);
    if (may(node.name) && ready && views.get(node.name) !== node.sqlHash) {
      views.set(node.name, node.sqlHash);
      built.push(node.name);
    }
    if (views.get(node.name) !== node.sqlHash || !ready) return new Map();
    const [first = new Map()] = inputs;
    const content = new Map<number | 'all', string>();
    for (const at of first.keys()) {
      const all = inputs.map((input) => input.get(at));
      if (all.every((one) => one !== undefined)) content.set(at, [node.sqlHash, ...all].join('/'));
    }
    return content;
  }

  function windowContent(
    node: IncrementalNode,
    nodes: readonly PlanNode[],
    contents: ReadonlyMap<string, Content>,
    may: (model: string, window: number) => boolean,
    blind: boolean,
    built: string[],
  ): Content {
    const { grain, lookback } = node.windowing;
    const stored = windows.get(node.name) ?? new Map<number, StoredWindow>();
    windows.set(node.name, stored);
    const timed = node.inputs.filter((name) => isTimed(nodes, name));
    const lists = node.inputs.filter((name) => !isTimed(nodes, name));
    const extents = timed.map((name) => extentOf(contents.get(name)));
    const content = new Map<number | 'all', string>();
    if (extents.some((extent) => extent === undefined)) return content;
    const from = Math.max(node.start ?? Number.NEGATIVE_INFINITY, Math.min(...extents.map((one) => one?.first ?? 0)));
    const until = Math.min(...extents.map((one) => one?.last ?? 0));
    const end = floorTo(grain, until, calendar);

    for (let window = floorTo(grain, from, calendar); window < end; ) {
      const next = nextAfter(grain, window, calendar);
      let read = '';
      let there = lists.every((name) => contents.get(name)?.has('all'));
      for (const [index, name] of timed.entries()) {
        const back = node.windowing.readsBack[name];
        const begin = back ? shift(window, back, -1, calendar) : window;
        for (let at = begin; at < next; at += atom) {
          const one = contents.get(name)?.get(at);
          read += `${one ?? '-'},`;
          if (one === undefined && at >= (extents[index]?.first ?? 0)) there = false;
        }
        read += ';';
      }
      for (const name of lists) {
        const list = nodes.find((one) => one.name === name);
        if (list?.kind === 'source' && list.restates) read += `${contents.get(name)?.get('all')};`;
      }
      const before = stored.get(window);
      const fresh = before?.read === read;
      const sameSql = before?.sqlHash === node.sqlHash || node.windowing.onChange === 'forward';
      const again =
        before !== undefined &&
        lookback !== undefined &&
        before.horizon < end &&
        next > shift(before.horizon, lookback, -1, calendar);
      if (may(node.name, window) && there && !(fresh && sameSql && !again)) {
        counter += 1;
        const rows = blind ? `new ${counter}` : rowsFrom(read, node.sqlHash);
        const token = before?.rows === rows ? before.token : `t${counter}`;
        stored.set(window, { read, sqlHash: node.sqlHash, rows, token, horizon: end });
        built.push(`${node.name} ${window}`);
      }
      const now = stored.get(window);
      if (now && now.read === read && (now.sqlHash === node.sqlHash || node.windowing.onChange === 'forward')) {
        for (let at = window; at < next; at += atom) content.set(at, now.token);
      }
      window = next;
    }
    return content;
  }

  return {
    hold: (source, content) => sources.set(source, content),
    foresee(nodes, selected) {
      const saved = { windows, views };
      windows = new Map([...windows].map(([name, map]) => [name, new Map(map)]));
      views = new Map(views);
      const built = simulate(nodes, (model) => selected.has(model), true);
      ({ windows, views } = saved);
      return built;
    },
    run: (nodes, planned) =>
      simulate(nodes, (model, window) => planned.has(window === undefined ? model : `${model} ${window}`), false),
    rowsOf: (model, window) => windows.get(model)?.get(window)?.rows ?? '',
  };
}

/** The half hours of some days. */
export function halfHours(from: number, until: number, said: (at: number) => string | undefined): Content {
  const content = new Map<number | 'all', string>();
  for (let at = from; at < until; at += atom) {
    const one = said(at);
    if (one !== undefined) content.set(at, one);
  }
  return content;
}

function isTimed(nodes: readonly PlanNode[], name: string): boolean {
  const node = nodes.find((one) => one.name === name);
  if (node?.kind === 'source') return node.timed;
  return node?.kind === 'incremental' || (node?.kind === 'view' && node.inputs.some((input) => isTimed(nodes, input)));
}

function extentOf(content: Content | undefined): { readonly first: number; readonly last: number } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of content?.keys() ?? []) {
    if (at === 'all') continue;
    first = Math.min(first, at);
    last = Math.max(last, at + atom);
  }
  return first < last ? { first, last } : undefined;
}
