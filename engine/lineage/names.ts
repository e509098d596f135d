import type { Relation } from './column.ts';

/** The names of WITHs that a place sees, the nearest first. Linked, never copied. */
export interface Names {
  readonly name: string;
  readonly relation: Relation;
  readonly around: Names | undefined;
}

export function findName(name: string, from: Names | undefined): Relation | undefined {
  for (let seen = from; seen; seen = seen.around) if (seen.name === name) return seen.relation;
  return undefined;
}
