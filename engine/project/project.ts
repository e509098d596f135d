import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { didYouMean } from '../config/nearest.ts';
import { type PlaceOf, parseYaml, type Read } from '../config/yaml.ts';
import type { Problem } from '../fault.ts';
import { type Dag, readDags } from './dag.ts';
import { type Model, parseModel } from './model.ts';
import { loadSeed } from './seed.ts';
import { type Source, type SourcesFile, sourceOf, sourcesSchema } from './source.ts';
import { type UnitTest, unitTestsSchema } from './unit-test.ts';

/** Everything the project's files say, before any SQL is read. */
export interface Project {
  readonly models: ReadonlyMap<string, Model>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly dags: ReadonlyMap<string, Dag>;
  /** Relations whose files have a problem that hides what they hold: there, and nothing more is known of them. */
  readonly unreadable: ReadonlySet<string>;
  /** Unit tests of models. */
  readonly tests: readonly UnitTest[];
  /** Every problem found, of all files. */
  readonly problems: readonly Problem[];
}

/** Folders under `models/` that hold no models. */
const reserved = new Set(['macros', 'seeds', 'audits']);
const modelPath = /^models\/([a-z_][a-z0-9_]*)\/(?:.*\/)?([a-z_][a-z0-9_]*)\.sql$/;

/** Reads `models/` and `dags/` below a root. Never throws for what people wrote: all problems come back at once. */
export function loadProject(root: string): Project {
  const problems: Problem[] = [];
  const models = new Map<string, Model>();
  const unreadable = new Set<string>();
  for (const path of filesOf(root, 'models/**/*.sql')) {
    if (reserved.has(path.split('/')[1] ?? '')) continue;
    const match = modelPath.exec(path);
    if (!match) {
      problems.push({
        file: path,
        severity: 'error',
        code: 'model-path',
        message: 'a model file is models/<schema>/<model>.sql, in small letters, digits and _',
      });
      continue;
    }
    const name = `${match[1]}.${match[2]}`;
    const read = parseModel(name, path, readFileSync(join(root, path), 'utf8'));
    problems.push(...read.problems);
    if (!read.model) unreadable.add(name);
    const earlier = models.get(name);
    if (earlier && read.model) problems.push(twice(path, name, earlier.path));
    else if (read.model) models.set(name, read.model);
  }

  const sources = new Map<string, Source>();
  for (const path of filesOf(root, 'models/**/sources.yml')) {
    const read = accept(parseYaml(readFileSync(join(root, path), 'utf8'), sourcesSchema, path), problems);
    for (const [index, entry] of (read?.value.sources ?? []).entries()) {
      const place = read?.placeOf(['sources', index, 'name']);
      const earlier = sources.get(entry.name) ?? models.get(entry.name);
      if (earlier) problems.push({ ...twice(path, entry.name, earlier.path), ...place });
      for (const found of columnMistakes(entry)) {
        problems.push({ file: path, ...read?.placeOf(['sources', index, found.key]), ...found.problem });
      }
      const lineOf = (inside: readonly PropertyKey[]) => read?.placeOf(['sources', index, ...inside]).line;
      sources.set(entry.name, sourceOf(entry, path, lineOf));
    }
  }

  for (const path of filesOf(root, 'models/seeds/*.csv')) {
    const { seed, problems: found } = loadSeed(root, path);
    problems.push(...found);
    const earlier = seed && (sources.get(seed.name) ?? models.get(seed.name));
    if (earlier) problems.push(twice(path, seed.name, earlier.path));
    else if (seed) sources.set(seed.name, seed);
  }

  const { dags, problems: ofDags } = readDags(root, dagPaths(root));
  problems.push(...ofDags);

  const tests: UnitTest[] = [];
  for (const path of filesOf(root, 'models/**/*.test.yml')) {
    const read = accept(parseYaml(readFileSync(join(root, path), 'utf8'), unitTestsSchema, path), problems);
    for (const [index, test] of (read?.value.tests ?? []).entries()) {
      const placeOf: PlaceOf = (inside) => read?.placeOf(['tests', index, ...inside]) ?? { line: 1, column: 1 };
      tests.push({ ...test, path, placeOf });
    }
  }
  problems.push(...testMistakes(tests, models, sources, unreadable));

  if (models.size === 0 && problems.length === 0 && !existsSync(join(root, 'models'))) {
    problems.push({
      file: 'models',
      severity: 'error',
      code: 'no-models',
      message: `there is no models/ folder in ${basename(root) || dirname(root)}`,
    });
  }
  return { models, sources, dags, tests, unreadable, problems };
}

/** Tests that name what is not there, or are named twice. */
function testMistakes(
  tests: readonly UnitTest[],
  models: Project['models'],
  sources: Project['sources'],
  unreadable: Project['unreadable'],
): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, UnitTest>();
  const wrong = (test: UnitTest, path: readonly PropertyKey[], code: string, message: string, hint?: string) =>
    problems.push({
      file: test.path,
      ...test.placeOf(path),
      severity: 'error',
      code,
      message,
      ...(hint ? { hint } : {}),
    });
  for (const test of tests) {
    const earlier = seen.get(`${test.model}.${test.name}`);
    if (earlier)
      wrong(test, ['name'], 'name-twice', `${test.name} is already a test of ${test.model} (${earlier.path})`);
    seen.set(`${test.model}.${test.name}`, test);
    if (!models.has(test.model) && !unreadable.has(test.model))
      wrong(test, ['model'], 'unknown-table', `there is no model ${test.model}`, didYouMean(test.model, models.keys()));
    for (const name of Object.keys(test.given)) {
      if (models.get(name)?.materialized === 'ephemeral')
        wrong(test, ['given', name], 'given-ephemeral', `${name} is ephemeral: give what it reads`);
      else if (!models.has(name) && !sources.has(name) && !unreadable.has(name)) {
        const hint = didYouMean(name, [...models.keys(), ...sources.keys()]);
        wrong(test, ['given', name], 'unknown-table', `there is no model or source ${name}`, hint);
      }
    }
  }
  return problems;
}

/** The dag files below a root. */
export function dagPaths(root: string): string[] {
  return filesOf(root, 'dags/*.yml');
}

/** Paths from the root, with `/`, in a stable order. */
function filesOf(root: string, pattern: string): string[] {
  return globSync(pattern, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

function accept<T>(read: Read<T>, problems: Problem[]): Extract<Read<T>, { ok: true }> | undefined {
  if (read.ok) return read;
  problems.push(...read.problems);
  return undefined;
}

function twice(path: string, name: string, earlier: string): Problem {
  return {
    file: path,
    severity: 'error',
    code: 'name-twice',
    message: `${name} is already defined in ${earlier}`,
    hint: 'A relation is one model or one source: rename one of the two.',
  };
}

/** Settings of a source that name a column which it does not have. */
function columnMistakes(entry: SourcesFile['sources'][number]) {
  const named = [
    ...(entry.time_column ? [{ key: 'time_column', column: entry.time_column }] : []),
    ...(entry.updated_column ? [{ key: 'updated_column', column: entry.updated_column }] : []),
    ...(entry.unique_key ?? []).map((column) => ({ key: 'unique_key', column })),
  ];
  return named
    .filter(({ column }) => !(column in entry.columns))
    .map(({ key, column }) => {
      const hint = didYouMean(column, Object.keys(entry.columns));
      const message = `${key} "${column}" is not one of the columns of ${entry.name}`;
      const problem = { severity: 'error', code: 'unknown-column', message, ...(hint ? { hint } : {}) } as const;
      return { key, problem };
    });
}
