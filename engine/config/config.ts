import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Fault, type Place } from '../fault.ts';
import type { Calendar } from '../time/grain.ts';
import { type Dialect, localSearchPath } from './dialect.ts';
import { didYouMean } from './nearest.ts';
import { isSuffix, type ProjectFile, projectFileSchema, type TargetFile, weekdayNumber } from './project-file.ts';
import { parseYaml } from './yaml.ts';

/** Where models are built, its secrets already read from the environment; as `openTarget` takes it. */
export type Target =
  | (TargetWays & { readonly type: 'embedded'; readonly database: string })
  | (TargetWays & { readonly type: 'postgres'; readonly url: string; readonly ca?: string })
  | {
      readonly type: 'redshift';
      readonly url: string;
      readonly ca?: string;
      readonly statementTimeout?: number;
      readonly iam?: IamLogin;
      readonly load?: LoadPlace;
      readonly unload?: UnloadPlace;
      /** AWS's own variables, as they were read. */
      readonly environment: Environment;
    };

interface TargetWays {
  /** In milliseconds. */
  readonly statementTimeout?: number;
  readonly searchPath?: readonly string[];
}

/** Who lets us in by IAM. */
export type IamLogin =
  | { readonly kind: 'cluster'; readonly cluster: string; readonly region: string }
  | { readonly kind: 'serverless'; readonly workgroup: string; readonly region: string };

/** Where rows lie on their way into Redshift. */
export interface LoadPlace {
  /** `s3://bucket/prefix`; what we put there we take away again. */
  readonly at: string;
  /** The ARN of the role by which Redshift reads and writes there. */
  readonly role: string;
  readonly region: string;
}

/** Where rows lie on their way out of Redshift. */
export interface UnloadPlace extends LoadPlace {
  /** From so many rows on, by the server's estimate, a result comes by S3. */
  readonly rows: number;
  /** The key of KMS that encrypts what lies there; without it S3's own does. */
  readonly kmsKey?: string;
}

/** The checked, frozen settings of one command. */
export interface Config {
  /** Absolute folder of `project.yml`. */
  readonly root: string;
  readonly name: string;
  /** What the models' SQL is written in. */
  readonly dialect: Dialect;
  readonly calendar: Calendar;
  /** Name of the chosen target. */
  readonly targetName: string;
  readonly target: Target;
  /** What the schemas of this environment's own tables end in; empty for those named as the project names them. */
  readonly schemaSuffix: string;
  /** What the state database calls the environment: the target, of one whose suffix is by person with that. */
  readonly stateName: string;
  /** Steps performed side by side. */
  readonly threads: number;
  /** URL of the state database; undefined = the embedded server's. */
  readonly stateUrl: string | undefined;
  /** Places that runs of dags share, by pool. */
  readonly pools: Readonly<Record<string, number>>;
  /** Module that lists reports, from the root. */
  readonly exposures: string | undefined;
  /** File of the days off that reports mind, from the root; undefined = where reports have it. */
  readonly holidays: string | undefined;
  readonly vars: Readonly<Record<string, string | number | boolean>>;
  /** Delivery's own part, unread. */
  readonly delivery: unknown;
}

const file = 'project.yml';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The nearest folder at or above `from` that holds a `project.yml`. Throws `Fault` invalid when there is none. */
export function findRoot(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'project.yml'))) return folder;
    if (folder === dirname(folder)) {
      throw new Fault('invalid', `no project.yml in ${resolve(from)} or above it`, {
        hint: 'Run the command inside a project folder.',
      });
    }
  }
}

/**
 * Reads `project.yml` and chooses a target: `targetName`, else TIFFIN_TARGET, else the file's `target`. Throws `Fault`
 * invalid with every problem at once; an unset environment variable is named only when the chosen target needs it.
 */
export function loadConfig(root: string, environment: Environment, targetName?: string): Config {
  const { value, placeOf } = readFile(root);
  const name = targetName ?? environment['TIFFIN_TARGET'] ?? value.target;
  const chosen = value.targets[name];
  if (!chosen) {
    const hint = didYouMean(name, Object.keys(value.targets));
    const written = name === value.target;
    const asking = targetName === undefined && !written ? 'TIFFIN_TARGET: ' : '';
    throw new Fault('invalid', `${asking}no target "${name}"`, {
      place: { file, ...placeOf([written ? 'target' : 'targets']) },
      ...(hint ? { hint } : {}),
    });
  }
  const secret = (path: readonly string[], reference: string) => {
    const variable = reference.slice('env:'.length);
    const found = environment[variable];
    if (found) return found;
    throw new Fault('invalid', `${path.join('.')} needs the environment variable ${variable}, which is not set`, {
      place: { file, ...placeOf(path) },
    });
  };
  const schemaSuffix = readSuffix(name, chosen, environment, (path) => ({ file, ...placeOf(path) }));
  return Object.freeze({
    root,
    name: value.name,
    dialect: value.dialect,
    calendar: { timezone: value.timezone, weekStarts: weekdayNumber(value.week_starts) },
    targetName: name,
    target: readTarget(name, chosen, value.dialect, secret, environment),
    schemaSuffix,
    stateName: typeof chosen.schema_suffix === 'object' ? name + schemaSuffix : name,
    threads: chosen.threads,
    stateUrl: value.state ? environment[value.state.slice('env:'.length)] : undefined,
    pools: value.pools,
    exposures: value.exposures,
    holidays: value.calendar,
    vars: readVars(value.vars, environment),
    delivery: value.delivery,
  });
}

/** The names of all targets. Throws `Fault` invalid as `loadConfig` does. */
export function targetNames(root: string): string[] {
  return Object.keys(readFile(root).value.targets);
}

function readFile(root: string) {
  const read = parseYaml(readFileSync(join(root, file), 'utf8'), projectFileSchema, file);
  if (!read.ok) throw new Fault('invalid', `${file} is not right`, { problems: read.problems });
  return read;
}

function readVars(vars: ProjectFile['vars'], environment: Environment): Config['vars'] {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [
      name,
      typeof value === 'object' ? environment[value.env] || value.default : value,
    ]),
  );
}

function readSuffix(
  name: string,
  { schema_suffix: suffix }: TargetFile,
  environment: Environment,
  placeOf: (path: readonly string[]) => Place,
): string {
  if (suffix === undefined || typeof suffix === 'string') return suffix ?? '';
  const place = placeOf(['targets', name, 'schema_suffix']);
  const found = environment[suffix.env] || suffix.default;
  if (found === undefined)
    throw new Fault('invalid', `schema_suffix needs the environment variable ${suffix.env}, which is not set`, {
      place,
    });
  if (isSuffix(found)) return found;
  throw new Fault('invalid', `${suffix.env} is "${found}": schema_suffix is a suffix such as _dev`, { place });
}

/** What the record of the project in this environment is called, beside those of other environments of the warehouse. */
export const recordName = ({ name, schemaSuffix }: Pick<Config, 'name' | 'schemaSuffix'>): string =>
  name + schemaSuffix;

type Secret = (path: readonly string[], reference: string) => string;

function readTarget(
  name: string,
  target: TargetFile,
  dialect: Dialect,
  secret: Secret,
  environment: Environment,
): Target {
  const ways: TargetWays = {
    ...(target.statement_timeout === undefined ? {} : { statementTimeout: target.statement_timeout }),
    ...(dialect === 'redshift' && target.type !== 'redshift' ? { searchPath: localSearchPath } : {}),
  };
  if (target.type === 'embedded') return { type: 'embedded', database: target.database, ...ways };
  const path = ['targets', name];
  const server = {
    url: secret([...path, 'url'], target.url),
    ...ways,
    ...(target.ca ? { ca: secret([...path, 'ca'], target.ca) } : {}),
  };
  if (target.type === 'postgres') return { type: 'postgres', ...server };
  return {
    type: 'redshift',
    ...server,
    ...(target.iam ? { iam: loginOf(target.iam) } : {}),
    ...(target.load ? { load: target.load } : {}),
    ...(target.unload ? { unload: unloadOf(target.unload) } : {}),
    environment: Object.fromEntries(Object.entries(environment).filter(([variable]) => variable.startsWith('AWS_'))),
  };
}

function unloadOf({
  kms_key: kmsKey,
  ...place
}: NonNullable<Extract<TargetFile, { type: 'redshift' }>['unload']>): UnloadPlace {
  return { ...place, ...(kmsKey === undefined ? {} : { kmsKey }) };
}

function loginOf(iam: NonNullable<Extract<TargetFile, { type: 'redshift' }>['iam']>): IamLogin {
  const { region } = iam;
  if ('cluster' in iam) return { kind: 'cluster', cluster: iam.cluster, region };
  return { kind: 'serverless', workgroup: iam.workgroup, region };
}
