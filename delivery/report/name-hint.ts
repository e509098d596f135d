import { didYouMean } from '#engine';

/**
 * What a template may have meant by a name or a filter that is not there, from what Liquid says of it: the nearest one at that
 * place of its scope. Nothing for other mistakes.
 */
export function nameHint(message: string, scope: object, filters: readonly string[]): string | undefined {
  const filter = /^undefined filter: (\w+)/.exec(message)?.[1];
  if (filter !== undefined) return didYouMean(filter, filters);
  const name = /^undefined variable: ([\w.]+)/.exec(message)?.[1];
  if (name === undefined) return undefined;
  let place: unknown = scope;
  for (const part of name.split('.')) {
    if (typeof place !== 'object' || place === null || Array.isArray(place)) return undefined;
    if (!Object.hasOwn(place, part)) return didYouMean(part, Object.keys(place));
    place = (place as Readonly<Record<string, unknown>>)[part];
  }
  return undefined;
}
