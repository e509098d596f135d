import type { Build, Load, Pass, Recorded } from './record.ts';
import type { Step } from './step.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A step before it has its place in the plan. */
export type StepDraft = DistributiveOmit<Step, 'id' | 'needs'>;
/** Adds a step and returns the version that its result shall be known by. */
export type AddStep = (step: StepDraft, inputs: readonly string[]) => string;

/** The record, and on top of it what the plan assumes will have been done. */
export interface Assumed extends Recorded {
  addBuild(build: Build): void;
  addLoad(load: Load): void;
  addPass(pass: Pass): void;
}

/** Begins with the record as it is. */
export function assume(recorded: Recorded): Assumed {
  const builds = new Map<string, Build[]>();
  const loads = new Map<string, Load[]>();
  const passes = new Map<string, Pass[]>();
  const append = <T>(lists: Map<string, T[]>, name: string, entry: T) => {
    const list = lists.get(name);
    if (list) list.push(entry);
    else lists.set(name, [entry]);
  };
  return {
    builds: (model) => {
      const added = builds.get(model);
      return added ? [...recorded.builds(model), ...added] : recorded.builds(model);
    },
    sequence: recorded.sequence,
    loads: (source) => {
      const added = loads.get(source) ?? [];
      const replaced = new Set(added.map((load) => load.file));
      return [...recorded.loads(source).filter((load) => !replaced.has(load.file)), ...added];
    },
    passes: (model) => [...recorded.passes(model), ...(passes.get(model) ?? [])],
    addPass: (pass) => append(passes, pass.model, pass),
    addBuild: (build) => append(builds, build.model, build),
    addLoad: (load) => append(loads, load.source, load),
  };
}
