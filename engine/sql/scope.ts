/** The names of one WITH, each with its place in the list. */
export interface WithList {
  readonly recursive: boolean;
  readonly places: Map<string, number>;
}

/** What a spot in the text can see: the names of a list up to a place, then what surrounds it. Linked, never copied. */
export interface Sight {
  readonly list: WithList;
  readonly until: number;
  readonly around: Sight | undefined;
}

/** What sees the whole list: the query that follows it. */
export function openWith(recursive: boolean, around: Sight | undefined): Sight {
  return { list: { recursive, places: new Map() }, until: Number.POSITIVE_INFINITY, around };
}

/** What the body of the list's newest name sees: only earlier names, unless the list is recursive. */
export function sightOfBody(whole: Sight): Sight {
  return whole.list.recursive ? whole : { ...whole, until: whole.list.places.size - 1 };
}

export function isWithName(name: string, from: Sight | undefined): boolean {
  for (let sight = from; sight; sight = sight.around) {
    const place = sight.list.places.get(name);
    if (place !== undefined && place < sight.until) return true;
  }
  return false;
}

/** A stretch of the text; empty until its end has been read. */
export interface Span {
  readonly start: number;
  end: number;
}

/** One SELECT (or UPDATE, DELETE, MERGE) with the names that its FROM list gives. */
export interface Level {
  readonly span: Span;
  readonly outer: Level | undefined;
  /** Aliases, and the bare names of tables without one. */
  readonly aliases: Set<string>;
  /** `schema.name` of the tables without an alias. */
  readonly tables: Set<string>;
}

export function openLevel(start: number, outer: Level | undefined): Level {
  return { span: { start, end: start }, outer, aliases: new Set(), tables: new Set() };
}

/** Whether `schema.table.column`, seen from a level, speaks of a table in a FROM list and not of an alias's column. */
export function isQualifier(schema: string, table: string, from: Level): boolean {
  for (let level: Level | undefined = from; level; level = level.outer) {
    if (level.aliases.has(schema)) return false;
    if (level.tables.has(`${schema}.${table}`)) return true;
  }
  return false;
}
