import { createHash } from 'node:crypto';
import { renderSetting } from '../compile/compile.ts';
import { Fault } from '../fault.ts';
import { makePlan } from '../plan/plan.ts';
import type { Load, Recorded } from '../plan/record.ts';
import type { Rebuild } from '../plan/request.ts';
import type { FoundFile, Observation, Plan } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import { findFiles } from '../source/find-files.ts';
import { observe } from '../source/observe.ts';
import { nextAfter, parseDuration, shift } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import type { Session } from '../warehouse/database.ts';
import { placedQuery } from './places.ts';
import { recorderOf, statesOf } from './warehouse-record.ts';
import type { Workspace } from './workspace.ts';

/** A stretch of time as a command line names it. */
export interface AskedRange {
  readonly from?: string;
  readonly until?: string;
  readonly day?: string;
  readonly last?: string;
}

export interface RunRequest {
  readonly selected: ReadonlySet<string>;
  readonly asked: AskedRange;
  readonly rebuild: boolean;
  /** Recorded requests to build again that are not done yet. */
  readonly rebuilds?: readonly Rebuild[];
  /** Limits the windows of models that are named here. */
  readonly only?: ReadonlyMap<string, readonly Range[]>;
}

/** Where and when a plan is made. */
export interface PlanTools {
  /** Asked what others have loaded, and what was kept about files; only read. */
  readonly session: Session;
  readonly now: Date;
}

/** The plan for a request, from the record, the files that are there now, and what others have loaded. */
export async function planRun(
  workspace: Workspace,
  recorded: Recorded,
  request: RunRequest,
  tools: PlanTools,
): Promise<Plan> {
  const { calendar } = workspace.config;
  const files = await changedFiles(workspace, recorded, request.selected, tools.session);
  const seen = await newlySeen(workspace, recorded, request.selected, tools);
  const range = askedRange(request.asked, workspace, recorded);
  if (request.rebuild && !range) {
    throw new Fault('invalid', '--rebuild needs to know what: give --day, --until (with --from or without), or --last');
  }
  return makePlan({
    nodes: workspace.nodes,
    selected: request.selected,
    recorded,
    files,
    seen,
    calendar,
    rebuild: request.rebuild,
    rebuilds: request.rebuilds ?? [],
    ...(range ? { range } : {}),
    ...(request.only ? { only: request.only } : {}),
  });
}

async function changedFiles(
  workspace: Workspace,
  recorded: Recorded,
  selected: ReadonlySet<string>,
  session: Session,
): Promise<FoundFile[]> {
  const { config, project } = workspace;
  const recorder = recorderOf(workspace);
  const found: FoundFile[] = [];
  for (const source of project.sources.values()) {
    if (source.filePattern === undefined || !selected.has(source.name)) continue;
    const pattern = renderSetting(source.filePattern, config.vars, source.path);
    const daysOf = (file: string) => recorder.daysOf(session, source.name, file);
    const facts = { root: config.root, calendar: config.calendar, pattern, daysOf };
    const loads = recorded.loads(source.name);
    if (source.seed) found.push(...changedSeeds(source, await findFiles(source, [], facts), loads));
    else found.push(...(await findFiles(source, loads, facts)));
  }
  return found;
}

/** A seed is its file and the types that are declared for it: a change of either loads it again. */
function changedSeeds(source: Source, files: readonly FoundFile[], loads: readonly Load[]): FoundFile[] {
  const types = JSON.stringify(Object.entries(source.columns).map(([name, { type }]) => [name, type]));
  return files
    .map((file) => ({ ...file, sha256: createHash('sha256').update(`${file.sha256} ${types}`).digest('hex') }))
    .filter(({ file, sha256 }) => !loads.some((load) => load.file === file && load.sha256 === sha256));
}

async function newlySeen(
  { config, project, places }: Workspace,
  recorded: Recorded,
  selected: ReadonlySet<string>,
  { session, now }: PlanTools,
): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (const source of project.sources.values()) {
    const { watch } = source;
    if (!watch || !selected.has(source.name)) continue;
    const placed = (query: string) => placedQuery(query, places, source.path);
    const facts = { session, calendar: config.calendar, now, placed };
    const observation = await observe({ ...source, watch }, recorded.loads(source.name), facts);
    if (observation) seen.push(observation);
  }
  return seen;
}

/** Before any data: where a stretch begins that is given by its end alone. Each model still begins at its own start. */
const beginning = '1000-01-01';

/** `--day`, `--until` with or without `--from`, or `--last` counted back from the newest coverage; undefined = no limit. */
export function askedRange(asked: AskedRange, workspace: Workspace, recorded: Recorded): Range | undefined {
  const { calendar } = workspace.config;
  const given = [
    asked.day !== undefined,
    asked.from !== undefined || asked.until !== undefined,
    asked.last !== undefined,
  ];
  if (given.filter(Boolean).length > 1) {
    throw new Fault('invalid', 'give one of --day, --until with or without --from, and --last');
  }
  const edge = (flag: string, text: string) => {
    const day = parseDay(text);
    if (day === undefined) throw new Fault('invalid', `${flag} ${text}: not a date such as 2021-12-21`);
    return startOfDay(calendar.timezone, day);
  };
  if (asked.day !== undefined) {
    const from = edge('--day', asked.day);
    return { from, until: nextAfter('day', from, calendar) };
  }
  if (asked.last !== undefined) {
    const duration = parseDuration(asked.last);
    if (!duration) throw new Fault('invalid', `--last ${asked.last}: not a duration such as 7d, 2w or 1mo`);
    const until = newestCoverage(workspace, recorded);
    if (until === undefined)
      throw new Fault('invalid', '--last counts back from the newest coverage, and there is none yet');
    return { from: shift(until, duration, -1, calendar), until };
  }
  if (asked.from === undefined && asked.until === undefined) return undefined;
  if (asked.until === undefined) throw new Fault('invalid', '--from needs --until, the day after the last one');
  const { from = beginning, until } = asked;
  const range = { from: edge('--from', from), until: edge('--until', until) };
  if (range.from >= range.until) throw new Fault('invalid', `--until ${until} is not after --from ${from}`);
  return range;
}

/** The last instant up to which any source has data. */
function newestCoverage({ nodes, config }: Workspace, recorded: Recorded): number | undefined {
  const ends = [...statesOf(nodes, recorded, config.calendar).values()].flatMap((state) =>
    state.kind === 'timed' ? (state.segments.at(-1)?.until ?? []) : [],
  );
  return ends.length > 0 ? Math.max(...ends) : undefined;
}
