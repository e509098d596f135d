import { Liquid, LiquidError } from 'liquidjs';
import { didYouMean, Fault, type Place, type Problem } from '#engine';
import { nameHint } from './name-hint.ts';

/** What a template may say by name: plain values. */
export type Scope = Readonly<Record<string, unknown>>;

/**
 * How the filters of templates write: `{{ loan.amount | money }}`, `{{ rate | percent: 2 }}`, `{{ due | date: "long" }}`, and
 * for words in another language than the document's `{{ loan.amount | money: locale: "en-IN" }}`.
 */
export interface Writing {
  /** Exact decimal text with the project's currency. */
  money(value: string, decimals: number): string;
  percent(value: string, decimals: number): string;
  number(value: string, decimals: number): string;
  /** A calendar day, `2021-12-21`. */
  date(value: string, style: string): string;
  /** The same in another locale. */
  in(locale: string): Writing;
}

/** Texts that templates share, by name: `reports/layouts/<name>.liquid`. */
export interface Layouts {
  /** Their folder from the project's root, for what is wrong in one of them. */
  readonly folder: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** What a template is filled with besides its scope. */
export interface Filling {
  readonly writing?: Writing | undefined;
  readonly layouts?: Layouts | undefined;
}

const none: Layouts = { folder: 'reports/layouts', texts: {} };

/** A filter is known to every template, and can be used where there is a way of writing. */
const filters = [
  ['money', 2],
  ['percent', 1],
  ['number', 0],
  ['date', 'long'],
] as const;

/**
 * Liquid for texts. Templates and layouts come from memory only: no file, no environment, no prototype can be reached; a name
 * that is not there is an error, and a template may run for a second and no longer.
 */
function openLiquid({ texts }: Layouts): Liquid {
  const liquid = new Liquid({
    // Without a prototype, so that no name is there by itself.
    templates: Object.assign(Object.create(null), texts),
    relativeReference: false,
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    parseLimit: 1_000_000,
    renderLimit: 1_000,
    memoryLimit: 10_000_000,
  });
  for (const [name, usual] of filters)
    liquid.registerFilter(
      name,
      function (this: { readonly context: { readonly globals: object } }, value: unknown, ...said: readonly unknown[]) {
        const own = Object(this.context.globals)['writing'] as Writing | undefined;
        if (own === undefined) throw new Error(`"${name}" cannot be used here`);
        if (value === null || value === undefined || value === '') return '';
        const { how = usual, locale } = saidOf(name, said);
        const writing = locale === undefined ? own : own.in(locale);
        return name === 'date' ? writing.date(String(value), String(how)) : writing[name](String(value), Number(how));
      },
    );
  return liquid;
}

/** A filter's argument, and the locale it may name. Liquid hands named arguments over as pairs. */
function saidOf(filter: string, said: readonly unknown[]): { readonly how?: unknown; readonly locale?: string } {
  const named = said.filter((one) => Array.isArray(one));
  const [other] = named.filter(([name]) => name !== 'locale');
  if (other !== undefined) throw new Error(`"${filter}" takes no "${other[0]}"; it may be told a locale`);
  const [how] = said.filter((one) => !Array.isArray(one));
  const locale = named[0]?.[1];
  return { ...(how === undefined ? {} : { how }), ...(locale === undefined ? {} : { locale: String(locale) }) };
}

const open = new WeakMap<Layouts, Liquid>();

function liquidOf(layouts: Layouts): Liquid {
  const known = open.get(layouts) ?? openLiquid(layouts);
  open.set(layouts, known);
  return known;
}

/** What is wrong with a template: its syntax, at most one problem, and layouts that are not there, with their lines. */
export function checkTemplate(text: string, place: Place, layouts: Layouts = none): readonly Problem[] {
  try {
    liquidOf(layouts).parse(text);
  } catch (error) {
    return [problemOf(error, place, layouts, {})];
  }
  return missingLayouts(text, place, layouts);
}

/** The keys that a template that can be parsed asks of one name, each with its line in it: of `words` those in `{{ words.sales }}`. */
export function keysAsked(
  text: string,
  name: string,
  layouts: Layouts = none,
): readonly { readonly key: string; readonly line: number }[] {
  if (!text.includes(name)) return [];
  const { globals } = liquidOf(layouts).parseAndAnalyzeSync(text, undefined, { partials: false });
  return (globals[name] ?? []).flatMap(({ segments: [, key], location: { row } }) =>
    typeof key === 'string' ? [{ key, line: row }] : [],
  );
}

/** Fills a template. Throws `Fault` invalid with file and line where it is wrong or names what is not there. */
export function fillTemplate(
  text: string,
  scope: Scope,
  place: Place,
  { writing, layouts = none }: Filling = {},
): string {
  if (!text.includes('{')) return text;
  try {
    return String(liquidOf(layouts).parseAndRenderSync(text, scope, { globals: writing ? { writing } : {} }));
  } catch (error) {
    const [missing] = missingLayouts(text, place, layouts);
    const problem = missing ?? problemOf(error, place, layouts, scope);
    throw new Fault('invalid', problem.message, {
      place: problem,
      cause: error,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    });
  }
}

/** Layouts that a text names and that there are not: Liquid itself notices them only when it runs. */
function missingLayouts(text: string, place: Place, { folder, texts }: Layouts): Problem[] {
  return [...text.matchAll(/\{%-?\s*(?:layout|render|include)\s+(['"])(.*?)\1/g)].flatMap(({ index, 2: name = '' }) => {
    if (Object.hasOwn(texts, name)) return [];
    const hint = didYouMean(name, Object.keys(texts));
    const line = (place.line ?? 1) + text.slice(0, index).split('\n').length - 1;
    const message = `there is no layout "${name}" in ${folder}`;
    const problem: Problem = { file: place.file, line, severity: 'error', code: 'missing-layout', message };
    return [hint === undefined ? problem : { ...problem, hint }];
  });
}

function problemOf(error: unknown, place: Place, layouts: Layouts, scope: Scope): Problem {
  const token = LiquidError.is(error) ? error.token : undefined;
  const [line = 1, column] = token?.getPosition() ?? [1, 1];
  // Texts from memory have no file in their tokens, but each token knows the text it stands in.
  const layout = Object.keys(layouts.texts).find((name) => layouts.texts[name] === token?.input);
  const own = layout === undefined ? (place.line ?? 1) - 1 : 0;
  const message = (error instanceof Error ? error.message : String(error)).replace(/, line:\d+, col:\d+$/, '');
  const hint = nameHint(message, scope, Object.keys(liquidOf(layouts).filters));
  return {
    file: layout === undefined ? place.file : `${layouts.folder}/${layout}.liquid`,
    line: own + line,
    ...(own === 0 && column !== undefined ? { column } : {}),
    severity: 'error',
    code: 'template',
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}
