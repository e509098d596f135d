import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Liquid, LiquidError, type Template } from 'liquidjs';
import { didYouMean } from '../config/nearest.ts';
import { Fault, type Problem } from '../fault.ts';
import type { Model } from '../project/model.ts';
import type { Calendar } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { edgeLiteral } from './edge.ts';

/** What a model's Liquid may say beside its window. */
export interface CompileFacts {
  readonly vars: Readonly<Record<string, string | number | boolean>>;
  readonly target: { readonly name: string; readonly type: string };
  readonly calendar: Calendar;
}

/** What differs from one build of a model to the next. */
export interface BuildFacts {
  /** The range to build; undefined for views and full tables. */
  readonly range?: Range;
  /** Where the coverage of the model's inputs starts; undefined when nothing is covered yet. */
  readonly coverageFrom?: number;
  /** Whether only new and changed rows are asked for: `{% if incremental %}`. */
  readonly incremental?: boolean;
}

/** A model's Liquid, parsed once and rendered for any range. */
export interface CompiledModel {
  readonly model: Model;
  /** The SQL that builds a range. Throws `Fault` invalid when the Liquid cannot be rendered. */
  render(build: BuildFacts): string;
  /**
   * The SQL with stand-in edges: the same text whatever the range, so that it can be hashed and read for its tables.
   * Line for line it is the author's file where no Liquid adds lines.
   */
  readonly text: string;
  /** The query of `models/audits/<name>.sql` over a table, given as SQL. Throws `Fault` invalid as `render` does. */
  renderAudit(name: string, build: BuildFacts, table: string): string;
  /** That query with stand-ins, so that it can be hashed. */
  auditText(name: string): string;
}

export interface Compiled {
  readonly models: ReadonlyMap<string, CompiledModel>;
  readonly problems: readonly Problem[];
}

/** Stands for the edges in the text that is hashed and read: no window of anybody begins at day zero. */
export const standInEdges = { from: "date '0001-01-01'", until: "date '0001-01-02'" };

/**
 * Parses the Liquid of every model. Templates see `window`, `coverage`, `vars` and `target` and the macros of
 * `models/macros/*.liquid`, and reach neither files nor environment.
 */
export function compileModels(root: string, models: Iterable<Model>, facts: CompileFacts): Compiled {
  const macros = readTexts(root, 'macros', 'liquid');
  const audits = readTexts(root, 'audits', 'sql');
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    // A macro may ask whether an argument was given.
    lenientIf: true,
    ownPropertyOnly: true,
    cache: true,
    templates: macros,
  });
  const globals = { vars: facts.vars, target: facts.target };
  const compiled = new Map<string, CompiledModel>();
  const problems: Problem[] = [];
  for (const model of models) {
    try {
      const templates = liquid.parse(model.body);
      const standIns = {
        ...(model.windowing ? { window: standInEdges } : {}),
        coverage: { from: standInEdges.from },
      };
      const renderAudit = (name: string, edges: Edges, table: string): string => {
        try {
          return liquid.parseAndRenderSync(audits[name] ?? '', {}, { globals: { ...globals, ...edges, this: table } });
        } catch (error) {
          throw new Fault('invalid', `the audit ${name} of ${model.name} cannot be compiled`, {
            problems: [auditProblem(name, error)],
          });
        }
      };
      const render = (edges: Edges) =>
        renderTemplates(liquid, templates, { ...globals, incremental: false, this: model.name, ...edges });
      compiled.set(model.name, {
        model,
        text: render(standIns),
        render(build) {
          try {
            return render({ ...edgesOf(model, build, facts.calendar), incremental: build.incremental === true });
          } catch (error) {
            throw new Fault('invalid', `${model.name} cannot be compiled`, {
              problems: [problemOf(model, macros, facts, error)],
            });
          }
        },
        renderAudit: (name, build, table) => renderAudit(name, edgesOf(model, build, facts.calendar), table),
        auditText: (name) => renderAudit(name, standIns, 'this'),
      });
      problems.push(...unknownAudits(model, Object.keys(audits)));
      problems.push(...auditMistakes(model, (name) => renderAudit(name, standIns, 'this')));
    } catch (error) {
      problems.push(problemOf(model, macros, facts, error));
    }
  }
  return { models: compiled, problems };
}

interface Edges {
  readonly incremental?: boolean;
  readonly window?: { readonly from: string; readonly until: string };
  readonly coverage?: { readonly from: string };
}

function edgesOf(model: Model, { range, coverageFrom }: BuildFacts, calendar: Calendar): Edges {
  return {
    ...(range
      ? { window: { from: edgeLiteral(range.from, model, calendar), until: edgeLiteral(range.until, model, calendar) } }
      : {}),
    ...(coverageFrom === undefined ? {} : { coverage: { from: edgeLiteral(coverageFrom, model, calendar) } }),
  };
}

function renderTemplates(liquid: Liquid, templates: Template[], globals: object): string {
  return liquid.renderSync(templates, {}, { globals });
}

/** The texts of a reserved folder of `models/`, by name. */
function readTexts(root: string, name: string, ending: string): Record<string, string> {
  const folder = join(root, 'models', name);
  return Object.fromEntries(
    globSync(`*.${ending}`, { cwd: folder }).map((file) => [
      basename(file, `.${ending}`),
      readFileSync(join(folder, file), 'utf8'),
    ]),
  );
}

function unknownAudits(model: Model, known: readonly string[]): Problem[] {
  return model.audits.flatMap((audit): Problem[] => {
    if (audit.kind !== 'sql' || known.includes(audit.name)) return [];
    const hint = didYouMean(audit.name, known);
    const message = `there is no models/audits/${audit.name}.sql`;
    const place = audit.place ?? { file: model.path };
    return [{ ...place, severity: 'error', code: 'unknown-audit', message, ...(hint ? { hint } : {}) }];
  });
}

/** Files of audits whose Liquid cannot be rendered. */
function auditMistakes(model: Model, render: (name: string) => string): Problem[] {
  return model.audits.flatMap((audit) => {
    if (audit.kind !== 'sql') return [];
    try {
      render(audit.name);
      return [];
    } catch (error) {
      return error instanceof Fault ? error.problems : [auditProblem(audit.name, error)];
    }
  });
}

function auditProblem(name: string, error: unknown): Problem {
  const file = `models/audits/${name}.sql`;
  const said = saidBy(error);
  return { file, severity: 'error', code: 'liquid', ...said };
}

/** Where a template went wrong: the whole text it stands in, and the place there. */
interface Token {
  readonly input?: string;
  getPosition?(): [number, number];
}

function problemOf(
  model: Model,
  macros: Readonly<Record<string, string>>,
  { vars }: CompileFacts,
  error: unknown,
): Problem {
  const base = { file: model.path, severity: 'error', code: 'liquid' } as const;
  const said = { ...saidBy(error), ...nearerWords(error, Object.keys(macros), Object.keys(vars)) };
  if (said.line === undefined) return { ...base, ...said };
  const input = (error as Templated).token?.input;
  const macro = Object.keys(macros).find((name) => input !== model.body && macros[name] === input);
  if (macro) return { ...base, ...said, file: `models/macros/${macro}.liquid` };
  return { ...base, ...said, line: model.bodyLine + said.line - 1 };
}

/** Of a macro or var that is not there: that it is not, and the nearest that is. */
function nearerWords(
  error: unknown,
  macros: readonly string[],
  vars: readonly string[],
): { message?: string; hint?: string } {
  const message = error instanceof Error ? error.message : '';
  const macro = /Failed to lookup "([^"]+)"/.exec(message)?.[1];
  const hintFor = (name: string, known: readonly string[]) => {
    const hint = didYouMean(name, known);
    return hint ? { hint } : {};
  };
  if (macro !== undefined) return { message: `there is no models/macros/${macro}.liquid`, ...hintFor(macro, macros) };
  const name = /undefined variable: vars\.(\w+)/.exec(message)?.[1];
  return name === undefined ? {} : hintFor(name, vars);
}

type Templated = LiquidError & { readonly token?: Token };

/** What a template's error says, without the place that its message repeats; the place counts from the template's start. */
function saidBy(error: unknown): { message: string; hint?: string; line?: number; column?: number } {
  const message = error instanceof Error ? error.message : String(error);
  if (!LiquidError.is(error)) return { message };
  const [line = 1, column = 1] = (error as Templated).token?.getPosition?.() ?? [];
  const hint = /undefined variable/.test(message)
    ? 'Known: window, coverage, incremental, this, vars, target.'
    : undefined;
  const said = message.replace(/, (file:.*, )?line:\d+, col:\d+$/, '');
  return { message: said, line, column, ...(hint ? { hint } : {}) };
}

/** Renders a setting such as a file pattern, which may speak of `vars`. Throws `Fault` invalid naming the file. */
export function renderSetting(text: string, vars: CompileFacts['vars'], file: string): string {
  const known = Object.keys(vars).map((name) => `vars.${name}`);
  return renderWords(text, { vars }, known, file);
}

/** Renders `complete_when` of a source for a window, given by its edges as SQL. Throws `Fault` invalid naming the file. */
export function renderCondition(text: string, window: NonNullable<Edges['window']>, file: string): string {
  return renderWords(text, { window }, ['window.from', 'window.until'], file);
}

function renderWords(text: string, scope: object, known: readonly string[], file: string): string {
  if (!text.includes('{{') && !text.includes('{%')) return text;
  try {
    const liquid = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true, templates: {} });
    return liquid.parseAndRenderSync(text, scope);
  } catch (error) {
    throw new Fault('invalid', `"${text}" cannot be rendered: ${saidBy(error).message}`, {
      place: { file },
      ...(known.length > 0 ? { hint: `Known: ${known.join(', ')}.` } : {}),
      cause: error,
    });
  }
}
