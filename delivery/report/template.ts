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
export function fillTemplate(text: string, scope: Scope, place: Place): string {
  if (!text.includes('{')) return text;
  try {
    return String(liquid.parseAndRenderSync(text, scope));
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
