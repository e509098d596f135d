/** A column of a table that stands in a warehouse. `*` = columns of it that nobody here knows. */
export interface Origin {
  /** `schema.name`, or the bare name where the author left the schema out. */
  readonly table: string;
  readonly column: string;
}

/** A column and what it is made from. */
export interface Column {
  readonly name: string;
  readonly origins: readonly Origin[];
  /** Whether more may be part of it, or less: it was found where columns are not all known. */
  readonly partial: boolean;
}

/** Rows under a name: what a table, a subquery or a name of a WITH gives. */
export interface Relation {
  readonly columns: readonly Column[];
  /** Tables of which more columns than these come along, because not all of theirs are known. */
  readonly open: readonly string[];
  /** Whether there may be columns of which nothing is known, not even their table. */
  readonly vague: boolean;
}

/** The columns of a table that is called by its name; `complete` = it has no others. Undefined = nothing is known. */
export type TableColumns = (
  table: string,
) => { readonly names: readonly string[]; readonly complete: boolean } | undefined;

export const isComplete = ({ open, vague }: Relation): boolean => open.length === 0 && !vague;

/** Origins without doubles, in the order they were found. */
export function originsOf(columns: Iterable<Pick<Column, 'origins'>>): Origin[] {
  const found = new Map<string, Origin>();
  for (const { origins } of columns) {
    for (const origin of origins) found.set(`${origin.table} ${origin.column}`, origin);
  }
  return [...found.values()];
}

/** A column made from others. */
export function madeFrom(name: string, parts: readonly Column[], partial = false): Column {
  return { name, origins: originsOf(parts), partial: partial || parts.some((part) => part.partial) };
}

/** A table's relation, as far as it is known. */
export function tableRelation(table: string, known: TableColumns): Relation {
  const found = known(table);
  const columns = (found?.names ?? []).map((name) => ({ name, origins: [{ table, column: name }], partial: false }));
  return { columns, open: found?.complete ? [] : [table], vague: false };
}

/** With new names for the first columns. Of what is not all known, it is not known which are the first. */
export function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  if (isComplete(relation)) {
    return { ...relation, columns: relation.columns.map((one, at) => ({ ...one, name: names[at] ?? one.name })) };
  }
  const origins = originsOf([...relation.columns, { origins: starsOf(relation) }]);
  return { columns: names.map((name) => ({ name, origins, partial: true })), open: [], vague: true };
}

/** Stand-ins for the columns that are not known. */
export function starsOf({ open }: Relation): Origin[] {
  return open.map((table) => ({ table, column: '*' }));
}
