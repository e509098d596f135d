import type { Build, Load, Pass, Recorded } from '../plan/record.ts';

/** The record as it was read, and on top of it what this run has added since. */
export interface LiveRecord extends Recorded {
  add(builds: readonly Build[], loads: readonly Load[]): void;
  addPasses(passes: readonly Pass[]): void;
  /** Takes a later reading of the record in the place of the first. */
  renew(recorded: Recorded): void;
}

export function liveRecord(first: Recorded): LiveRecord {
  let recorded = first;
  const builds = new Map<string, Build[]>();
  const loads = new Map<string, Load[]>();
  const passes: Pass[] = [];
  return {
    builds(model) {
      const added = builds.get(model);
      if (!added) return recorded.builds(model);
      // A reading renewed meanwhile may hold what was added here, too: one sequence, one build.
      const bySequence = new Map([...recorded.builds(model), ...added].map((b) => [b.sequence, b]));
      return [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
    },
    loads(source) {
      const latest = new Map<string, Load>();
      for (const load of [...recorded.loads(source), ...(loads.get(source) ?? [])]) {
        if ((latest.get(load.file)?.sequence ?? 0) <= load.sequence) latest.set(load.file, load);
      }
      return [...latest.values()];
    },
    sequence(name) {
      const added = [...(builds.get(name) ?? []), ...(loads.get(name) ?? [])].map((one) => one.sequence);
      return Math.max(recorded.sequence(name), ...added);
    },
    add(newBuilds, newLoads) {
      for (const build of newBuilds) builds.set(build.model, [...(builds.get(build.model) ?? []), build]);
      for (const load of newLoads) loads.set(load.source, [...(loads.get(load.source) ?? []), load]);
    },
    passes: (model) => [...recorded.passes(model), ...passes.filter((pass) => pass.model === model)],
    addPasses: (added) => void passes.push(...added),
    renew(later) {
      recorded = later;
    },
  };
}
