import type { Item, Query, Select, Shape, Star, Value } from '../reading/shape.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import { type Column, isComplete, madeFrom, originsOf, type Relation, renamed, type TableColumns } from './column.ts';
import { openFromReader, starOf } from './from.ts';
import { type Found, type Level, lookUp } from './level.ts';
import type { Names } from './names.ts';

/** A name that certainly means nothing. */
export interface Mistake {
  /** Offset in the author's text. */
  readonly at: number;
  readonly found: Extract<Found, { kind: 'no-column' | 'no-relation' }>;
}

export interface Resolved {
  readonly relation: Relation;
  /** In the order of the text. */
  readonly mistakes: readonly Mistake[];
}

/**
 * What a statement's columns are made from, down to the columns of tables, and which of its names mean nothing. Pure: all
 * that is known of tables comes with `known`. Where columns are not all known nothing is called a mistake.
 */
export function resolve({ query, target }: Shape, dialect: SqlDialect, known: TableColumns): Resolved {
  const mistakes = new Map<number, Mistake>();
  const readFrom = openFromReader(dialect, known, {
    query: ofQuery,
    value: (value, level, names) => ofValue(value, level, names),
  });
  const relation = renamed(ofQuery(query, undefined, undefined), target?.columns ?? []);
  return { relation, mistakes: [...mistakes.values()].sort((a, b) => a.at - b.at) };

  function ofQuery({ names, recursive, body }: Query, outer: Level | undefined, around: Names | undefined): Relation {
    let seen = around;
    for (const one of names) {
      const relation = recursive ? ofRecursive(one, outer, seen) : ofQuery(one.query, outer, seen);
      seen = { name: one.name, relation: renamed(relation, one.columns), around: seen };
    }
    return body.kind === 'set'
      ? union(ofQuery(body.left, outer, seen), ofQuery(body.right, outer, seen))
      : ofSelect(body, outer, seen);
  }

  /** A name that may read itself: from its first arm on, until nothing new comes along. */
  function ofRecursive(
    { name, columns, query }: Query['names'][number],
    outer: Level | undefined,
    around: Names | undefined,
  ): Relation {
    const { body } = query;
    if (body.kind !== 'set') return ofQuery(query, outer, around);
    let relation = ofQuery(
      { ...query, body: body.left.body, names: [...query.names, ...body.left.names] },
      outer,
      around,
    );
    for (let size = -1, next = sizeOf(relation); next > size; next = sizeOf(relation)) {
      size = next;
      relation = ofQuery(query, outer, { name, relation: renamed(relation, columns), around });
    }
    return relation;
  }

  function ofSelect({ from, items, rest }: Select, outer: Level | undefined, names: Names | undefined): Relation {
    const before = mistakes.size;
    const level = readFrom(from, outer, names);
    const given: Column[] = [];
    const open: string[] = [];
    let vague = false;
    for (const item of items) {
      if (item.kind === 'item') given.push(ofItem(item, level, names, given));
      else {
        const star = ofStar(item, level);
        given.push(...star.columns);
        open.push(...star.open);
        vague ||= star.vague;
      }
      // What Redshift calls a column without a name is not always what PostgreSQL does.
      if (item.kind === 'item' && !item.written && dialect === 'redshift') vague = true;
    }
    ofValue(rest, level, names, given);
    // One mistake is told, and not all that follows from it.
    vague ||= mistakes.size > before;
    return { columns: given, open: [...new Set(open)], vague };
  }

  function ofItem(item: Item, level: Level, names: Names | undefined, given: readonly Column[]): Column {
    return { ...ofValue(item, level, names, dialect === 'redshift' ? given : []), name: item.name };
  }

  function ofStar(star: Star, level: Level): Relation {
    const found = starOf(star.path, level);
    if (found) return found;
    if (star.path.length === 1 && dialect === 'postgres')
      note(star.at, lookUp({ path: [...star.path, '*'], at: star.at }, level));
    return { columns: [], open: [], vague: true };
  }

  /** One column made from all that is in a value. `given`: columns of the same SELECT list that may be meant by their alias. */
  function ofValue(
    { refs, queries, conditions }: Value,
    level: Level,
    names: Names | undefined,
    given: readonly Column[] = [],
  ): Column {
    const parts: Column[] = [];
    let partial = false;
    for (const ref of refs) {
      const alias = ref.path.length === 1 ? given.find(({ name }) => name === ref.path[0]) : undefined;
      const found = lookUp(ref, level);
      if (found.kind === 'column' && !(alias && found.column.partial)) parts.push(found.column);
      else if (alias) parts.push(found.kind === 'column' ? madeFrom('', [alias, found.column]) : alias);
      else if (found.kind === 'unclear') partial = true;
      else note(ref.at, found);
    }
    for (const query of queries) {
      const { columns, open, vague } = ofQuery(query, level, names);
      parts.push(madeFrom('', columns, vague || open.length > 0));
    }
    for (const query of conditions) ofQuery(query, level, names);
    return madeFrom('', parts, partial);
  }

  function note(at: number, found: Found): void {
    if (found.kind === 'no-column' || found.kind === 'no-relation') mistakes.set(at, { at, found });
  }
}

/** The columns of two arms, by place; by name where it is not known what stands where. The names are the left arm's. */
function union(left: Relation, right: Relation): Relation {
  if (isComplete(left) && isComplete(right)) {
    return { ...left, columns: left.columns.map((column, at) => both(column, right.columns[at])) };
  }
  const columns = left.columns.map((column) => ({
    ...both(
      column,
      right.columns.find(({ name }) => name === column.name),
    ),
    partial: true,
  }));
  return { columns, open: [...new Set([...left.open, ...right.open])], vague: left.vague || right.vague };
}

const both = (column: Column, other: Column | undefined): Column =>
  other ? madeFrom(column.name, [column, other]) : column;

const sizeOf = ({ columns }: Relation): number => columns.reduce((sum, one) => sum + originsOf([one]).length, 0);
