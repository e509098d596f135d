import { Liquid, LiquidError } from 'liquidjs';
import { Fault, type Place, type Problem } from '#engine';

/**
 * Liquid for texts. Templates come from memory only: no file, no environment, no prototype can be reached; a name that is
 * not there is an error, and a template may run for a second and no longer.
 */
const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictVariables: true,
  strictFilters: true,
  lenientIf: true,
  parseLimit: 1_000_000,
  renderLimit: 1_000,
  memoryLimit: 10_000_000,
});

/** What a template may say by name: plain values. */
export type Scope = Readonly<Record<string, unknown>>;

/** How the filters of templates write: `{{ loan.amount | money }}`, `{{ rate | percent: 2 }}`, `{{ due | date: "long" }}`. */
export interface Writing {
  /** Exact decimal text with the project's currency. */
  money(value: string, decimals: number): string;
  percent(value: string, decimals: number): string;
  number(value: string, decimals: number): string;
  /** A calendar day, `2021-12-21`. */
  date(value: string, style: string): string;
}

/** A filter is known to every template, and can be used where there is a way of writing. */
for (const [name, usual] of Object.entries({ money: 2, percent: 1, number: 0, date: 'long' } as const)) {
  liquid.registerFilter(
    name,
    function (this: { readonly context: { readonly globals: object } }, value: unknown, how: unknown = usual) {
      const writing = Object(this.context.globals)['writing'] as Writing | undefined;
      if (writing === undefined) throw new Error(`"${name}" cannot be used here`);
      if (value === null || value === undefined || value === '') return '';
      return name === 'date'
        ? writing.date(String(value), String(how))
        : writing[name as 'money' | 'percent' | 'number'](String(value), Number(how));
    },
  );
}

/** What is wrong with a template's syntax: at most one problem, with its line. */
export function checkTemplate(text: string, place: Place): readonly Problem[] {
  try {
    liquid.parse(text);
    return [];
  } catch (error) {
    return [problemOf(error, place)];
  }
}

/** Fills a template. Throws `Fault` invalid with file and line where it is wrong or names what is not there. */
export function fillTemplate(text: string, scope: Scope, place: Place, writing?: Writing): string {
  if (!text.includes('{')) return text;
  try {
    return String(liquid.parseAndRenderSync(text, scope, { globals: writing ? { writing } : {} }));
  } catch (error) {
    const problem = problemOf(error, place);
    throw new Fault('invalid', problem.message, { place: problem, cause: error });
  }
}

function problemOf(error: unknown, place: Place): Problem {
  const at = LiquidError.is(error) ? error.token?.getPosition() : undefined;
  const [line, column] = at ?? [1, 1];
  const own = (place.line ?? 1) - 1;
  return {
    file: place.file,
    line: own + (line ?? 1),
    ...(own === 0 && column !== undefined ? { column } : {}),
    severity: 'error',
    code: 'template',
    message: (error instanceof Error ? error.message : String(error)).replace(/, line:\d+, col:\d+$/, ''),
  };
}
