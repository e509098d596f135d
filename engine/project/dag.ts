import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { type PlaceOf, parseYaml } from '../config/yaml.ts';
import type { Problem } from '../fault.ts';
import { wrongCron } from '../time/cron.ts';
import { isTimeZone } from '../time/zone.ts';
import { day } from './model-header.ts';

const span = z.string().regex(/^[1-9]\d{0,3}(m|h|d)$/, 'write it as 90m, 2h or 1d');
const spans = z.string().regex(/^[1-9]\d{0,3}(m|h|d)\.\.[1-9]\d{0,3}(m|h|d)$/, 'write it as 1m..15m');
const poolName = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'small letters, digits, _ and -');

/** Who is told: a name or address that delivery knows, or a URL that the environment holds (it is a secret). */
const recipient = z
  .string()
  .regex(/^(email:\S+|webhook:env:[A-Z][A-Z0-9_]*)$/, 'write it as email:data-team or webhook:env:ALERT_URL');

/** A dag file, `dags/<name>.yml`: when the engine runs what. */
export const dagSchema = z.strictObject({
  schedule: z
    .strictObject({
      /** Five fields. */
      cron: z.string(),
      /** Default: the project's. */
      timezone: z.string().refine(isTimeZone, 'not a known time zone; write it as Asia/Kolkata').optional(),
    })
    .superRefine(({ cron, timezone = 'UTC' }, context) => {
      const wrong = isTimeZone(timezone) ? wrongCron(cron, timezone) : undefined;
      if (wrong) context.addIssue({ code: 'custom', path: ['cron'], message: wrong });
    }),
  select: z.string(),
  exclude: z.string().optional(),
  description: z.string().default(''),
  /** Ticks from this day on; without it, from when the scheduler first sees the file. */
  start: day.optional(),
  /** Ticks of a paused dag never come, not even later. */
  paused: z.boolean().default(false),
  /** How many missed or waiting ticks are run; older ones are passed over. A run builds all that is missing, so one is enough. */
  catch_up: z.int().min(1).max(1000).default(1),
  /** Runs of this dag side by side. */
  concurrency: z.int().min(1).max(16).default(1),
  /** Pools of project.yml in which a run takes a place each. */
  pools: z.array(poolName).default([]),
  /** Dags whose newest tick at or before ours has to be done first. */
  depends_on: z.array(z.string()).default([]),
  /** Tries in all, of errors that may pass; between them a random wait, doubled each time, within the backoff. */
  retries: z
    .strictObject({ attempts: z.int().min(1).max(100).default(3), backoff: spans.default('1m..15m') })
    .prefault({}),
  /** Someone is told, once, when a tick is not done so long after its time. */
  deadline: span.optional(),
  on_failure: z.array(recipient).default([]),
});

/** A stretch of waiting in ms, growing from `from` to at most `until`. */
export interface Backoff {
  readonly from: number;
  readonly until: number;
}

/** When the engine runs what. Times in ms. */
export interface Dag {
  readonly name: string;
  readonly path: string;
  /** Where a key stands in the file. */
  readonly placeOf: PlaceOf;
  readonly description: string;
  readonly cron: string;
  /** undefined = the project's. */
  readonly timezone: string | undefined;
  readonly start: string | undefined;
  readonly select: string;
  readonly exclude: string | undefined;
  readonly paused: boolean;
  readonly catchUp: number;
  readonly concurrency: number;
  readonly pools: readonly string[];
  readonly dependsOn: readonly string[];
  readonly retries: { readonly attempts: number; readonly backoff: Backoff };
  readonly deadline: number | undefined;
  readonly onFailure: readonly string[];
}

export interface Dags {
  readonly dags: ReadonlyMap<string, Dag>;
  readonly problems: readonly Problem[];
}

/** Reads the dag files at these paths below a root. Never throws for what people wrote. */
export function readDags(root: string, paths: readonly string[]): Dags {
  const dags = new Map<string, Dag>();
  const problems: Problem[] = [];
  const places: (() => void)[] = [];
  for (const path of paths) {
    const read = parseYaml(readFileSync(join(root, path), 'utf8'), dagSchema, path);
    if (!read.ok) {
      problems.push(...read.problems);
      continue;
    }
    const dag = dagOf(basename(path, '.yml'), path, read);
    dags.set(dag.name, dag);
    places.push(() => {
      for (const [index, other] of dag.dependsOn.entries()) {
        const place = { file: path, ...read.placeOf(['depends_on', index]) };
        const wrong = dags.has(other) ? circleThrough(dag.name, other, dags) : unknownDag(other, paths);
        if (wrong) problems.push({ ...place, severity: 'error', ...wrong });
      }
    });
  }
  for (const check of places) check();
  return { dags, problems };
}

function dagOf(
  name: string,
  path: string,
  { value: file, placeOf }: { value: z.infer<typeof dagSchema>; placeOf: PlaceOf },
): Dag {
  const [from = '', until = ''] = file.retries.backoff.split('..');
  const lengths = [millis(from), millis(until)];
  return {
    name,
    path,
    placeOf,
    description: file.description,
    cron: file.schedule.cron,
    timezone: file.schedule.timezone,
    start: file.start,
    select: file.select,
    exclude: file.exclude,
    paused: file.paused,
    catchUp: file.catch_up,
    concurrency: file.concurrency,
    pools: [...new Set(file.pools)],
    dependsOn: [...new Set(file.depends_on)],
    retries: {
      attempts: file.retries.attempts,
      backoff: { from: Math.min(...lengths), until: Math.max(...lengths) },
    },
    deadline: file.deadline === undefined ? undefined : millis(file.deadline),
    onFailure: [...new Set(file.on_failure)],
  };
}

function millis(text: string): number {
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[text.at(-1) as 'm' | 'h' | 'd'];
  return Number(text.slice(0, -1)) * unit;
}

type Wrong = Pick<Problem, 'code' | 'message' | 'hint'>;

function unknownDag(other: string, paths: readonly string[]): Wrong | undefined {
  const known = paths.map((path) => basename(path, '.yml'));
  // A file with problems of its own is there all the same.
  if (known.includes(other)) return undefined;
  const hint = didYouMean(other, known);
  return { code: 'unknown-dag', message: `depends_on: there is no dag ${other}`, ...(hint ? { hint } : {}) };
}

/** The circle that a dependency closes, told once: by its alphabetically first dag. */
function circleThrough(start: string, next: string, dags: ReadonlyMap<string, Dag>): Wrong | undefined {
  const way = wayTo(start, next, dags, new Set());
  if (!way || way.some((one) => one < start)) return undefined;
  return { code: 'dag-circle', message: `dags wait for each other: ${[start, ...way].join(' -> ')}` };
}

function wayTo(
  goal: string,
  at: string,
  dags: ReadonlyMap<string, Dag>,
  seen: Set<string>,
): readonly string[] | undefined {
  if (at === goal) return [at];
  if (seen.has(at)) return undefined;
  seen.add(at);
  for (const next of dags.get(at)?.dependsOn ?? []) {
    const way = wayTo(goal, next, dags, seen);
    if (way) return [at, ...way];
  }
  return undefined;
}
