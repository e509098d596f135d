import { recordName } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { readRunBuilds } from '../record/builds-by-run.ts';
import { openRunHistory } from '../record/run-history.ts';
import { diffRuns } from '../run/diff-runs.ts';
import { showEdge } from '../time/grain.ts';
import type { Call } from './program.ts';
import { showCount, textTable } from './table.ts';
import { openWarehouse } from './warehouse-call.ts';

/** Compares what stood after two runs, by the record: which windows' data is not the same. Returns the exit code. */
export async function compareRuns(call: Call, a: string, b: string): Promise<number> {
  await using warehouse = await openWarehouse(call);
  const { workspace, database, state } = warehouse;
  const { config } = workspace;
  const known = (await openRunHistory(state, config.stateName).runs(10_000)).map(({ id }) => id);
  for (const id of [a, b]) if (!known.includes(id)) throw unknown(id, known, config.targetName);
  const names = (await warehouse.selected(call.values)).flatMap(({ name, kind }) => (kind === 'model' ? [name] : []));
  const builds = Map.groupBy(await readRunBuilds(database, recordName(config), names), (build) => build.model);
  const rows = names.flatMap((model) => {
    const grain = workspace.models.get(model)?.model.windowing?.grain ?? 'day';
    const edge = (at: number | undefined) => (at === undefined ? null : showEdge(grain, at, config.calendar));
    return diffRuns(builds.get(model) ?? [], a, b).map(({ range, a: before, b: after }) => ({
      model,
      from: edge(range?.from),
      until: edge(range?.until),
      a: before ? (before.rows ?? null) : 'not built',
      b: after ? (after.rows ?? null) : 'not built',
    }));
  });
  const show = (side: number | string | null) => (typeof side === 'number' ? showCount(side) : (side ?? 'not counted'));
  call.print(
    rows.length === 0
      ? 'No difference: after both runs every window held the same data.'
      : textTable(rows.map(({ a: before, b: after, ...row }) => ({ ...row, [a]: show(before), [b]: show(after) }))),
  );
  call.answer({ same: rows.length === 0, windows: rows });
  return rows.length === 0 ? 0 : 1;
}

function unknown(id: string, known: readonly string[], target: string): Fault {
  const hint = didYouMean(id, known);
  return new Fault(
    'invalid',
    `${id} is neither a target of project.yml nor a run on target ${target}`,
    hint ? { hint } : {},
  );
}
