import { type Calendar, windowsOf } from '../time/grain.ts';
import { intersect, type Range } from '../time/range.ts';
import { hashesOf, passesOf } from './audited.ts';
import { cutInputs, inputVersions } from './inputs.ts';
import { loadOf } from './loaded.ts';
import { absent, type IncrementalNode, inputsOf, type PlanNode, type State } from './node.ts';
import { overlay } from './overlay.ts';
import { makePlan } from './plan.ts';
import type { Build, Load, Pass, Recorded } from './record.ts';
import type { PlanRequest } from './request.ts';
import { cut, join, type Segment } from './segments.ts';
import { dueOf, readRange, standingOf } from './standing.ts';
import { stateOf } from './state.ts';
import type { Plan } from './step.ts';
import { supersededBuilds } from './superseded.ts';

/** A warehouse in memory, which forgets what is superseded: performs a plan's steps by recording them, as the real one does by building them. */
export interface MemoryWarehouse {
  /** From now on the project is this. */
  define(nodes: readonly PlanNode[]): void;
  plan(request?: Partial<PlanRequest>): Plan;
  /** Performs a plan, each step on what is there at its turn. Returns what was built, window by window. */
  perform(plan: Plan): { readonly model: string; readonly window: Range | undefined }[];
  loads(): readonly Load[];
}

/** `rowsOf` stands for a window's rows: where it gives what it gave before, the window is unchanged. */
export function memoryWarehouse(
  project: readonly PlanNode[],
  calendar: Calendar,
  rowsOf: (node: IncrementalNode, window: Range) => string = () => `${Math.random()}`,
): MemoryWarehouse {
  let nodes = project;
  let builds: Build[] = [];
  let sequence = 0;
  const passes: Pass[] = [];
  let loads: Load[] = [];
  const rows = new Map<string, string>();
  const recorded: Recorded = {
    builds: (model) => builds.filter((build) => build.model === model),
    loads: (source) => loads.filter((load) => load.source === source),
    passes: (model) => passes.filter((pass) => pass.model === model),
    sequence: () => sequence,
  };
  const states = () => {
    const found = new Map<string, State>();
    for (const node of nodes) {
      const inputs = new Map(inputsOf(node).map((name) => [name, found.get(name) ?? absent]));
      found.set(node.name, stateOf(node, inputs, recorded, calendar));
    }
    return found;
  };

  const nextId = () => `b${String(sequence).padStart(6, '0')}`;
  const record = (build: Omit<Build, 'sequence'>) => {
    sequence += 1;
    builds.push({ ...build, sequence });
  };
  const forget = () => {
    const gone = new Set(nodes.flatMap(({ name }) => supersededBuilds(recorded.builds(name))));
    builds = builds.filter((build) => !gone.has(build));
  };

  const buildWindows = (node: IncrementalNode, within: Range, forced: boolean): Range[] => {
    const all = states();
    const inputs = new Map(node.inputs.map((name) => [name, all.get(name) ?? absent]));
    const standing = standingOf(node, inputs, recorded, calendar);
    const due = forced ? [within] : dueOf(standing);
    const built: Range[] = [];
    for (const range of intersect(intersect([within], due), standing.expected)) {
      const id = nextId();
      const reads = inputVersions(inputs, (input) => readRange(node.windowing, input, range, calendar));
      const earlier = overlay(recorded.builds(node.name));
      const versions = [...windowsOf(node.windowing.grain, range, calendar)].map((window): Segment => {
        built.push(window);
        const key = `${node.name} ${window.from}`;
        const now = rowsOf(node, window);
        const same = rows.get(key) === now ? cut(earlier, window)[0]?.build.version : undefined;
        rows.set(key, now);
        return { ...window, version: same ?? id };
      });
      for (const { version, ...part } of join(versions)) {
        record({
          model: node.name,
          id,
          version,
          range: part,
          sqlHash: node.sqlHash,
          inputs: cutInputs(reads, (input) => readRange(node.windowing, input, part, calendar)),
          horizon: standing.horizon,
          audits: hashesOf(node),
        });
      }
    }
    return built;
  };

  return {
    define(changed) {
      nodes = changed;
    },
    plan: (request = {}) =>
      makePlan({ nodes, selected: new Set(nodes.map((node) => node.name)), recorded, files: [], calendar, ...request }),
    perform(plan) {
      const built: { model: string; window: Range | undefined }[] = [];
      for (const step of plan.steps) {
        const node = nodes.find((one) => one.name === step.model);
        if (step.kind === 'load') {
          sequence += 1;
          const load = loadOf(step.file, `l${sequence}`, sequence);
          loads = [...loads.filter((one) => one.file !== load.file), load];
        } else if (step.kind === 'window' && node?.kind === 'incremental') {
          built.push(...buildWindows(node, step.range, step.forced).map((window) => ({ model: step.model, window })));
        } else if (step.kind === 'audit' && node && node.kind !== 'source' && node.kind !== 'deferred') {
          const mine = recorded.builds(node.name);
          const [last] = mine.slice(-1);
          if (step.range) passes.push(...passesOf(node, step.range, mine));
          else if (last) passes.push({ model: node.name, build: last.id, audits: hashesOf(node) });
        } else if (node?.kind === 'view' || node?.kind === 'table') {
          const all = states();
          const inputs = new Map(node.inputs.map((name) => [name, all.get(name) ?? absent]));
          const id = nextId();
          record({
            model: node.name,
            id,
            version: id,
            sqlHash: node.sqlHash,
            inputs: inputVersions(inputs, () => undefined),
            audits: hashesOf(node),
          });
          built.push({ model: step.model, window: undefined });
        }
      }
      forget();
      return built;
    },
    loads: () => loads,
  };
}
