import { columnName } from './column-name.ts';
import { fromOf, tableOf } from './from-of.ts';
import { readValue, type Surroundings } from './read-value.ts';
import { type From, type Item, joined, nothing, type Query, type Select, type Star, type Value } from './shape.ts';
import { insidesAt, listAt, stringsAt, type Tree, tagged, textAt, treeAt } from './tree.ts';
import { mergeItems, updateItems } from './written-items.ts';

/** How names and places of a parsed text are told. */
export type Telling = Pick<Surroundings, 'fold' | 'offset'>;

/** The shape of a query or of a statement that can stand in a WITH; what is neither has no columns and reads nothing. */
export function queryOf(node: Tree, telling: Telling): Query {
  const { tag, inside } = tagged(node);
  return tag === 'SelectStmt' ? ofSelect(inside, telling) : ofChange(tag, inside, telling);
}

function ofSelect(select: Tree, telling: Telling): Query {
  const around = surroundings(select, telling);
  const left = treeAt(select, 'larg');
  const right = treeAt(select, 'rarg');
  if (left && right) {
    const arms = { kind: 'set', left: ofSelect(left, telling), right: ofSelect(right, telling) } as const;
    return { ...namesOf(select, telling), body: arms };
  }
  const rows = listAt(select, 'valuesLists');
  const froms = listAt(select, 'fromClause').map((one) => fromOf(one, around));
  return {
    ...namesOf(select, telling),
    body: {
      kind: 'select',
      from: froms.map(({ from }) => from),
      items: rows.length > 0 ? rowsOf(rows, around) : itemsOf(select, 'targetList', around),
      rest: joined([...froms.map(({ on }) => on), readValue(restOf(select), around)]),
    },
  };
}

/** UPDATE, DELETE, MERGE, INSERT: the columns are what RETURNING gives, else those that are set. */
function ofChange(tag: string, change: Tree, telling: Telling): Query {
  const around = surroundings(change, telling);
  const relation = treeAt(change, 'relation');
  const target: From[] = relation ? [tableOf(relation, around, true)] : [];
  const source = treeAt(change, 'sourceRelation');
  const more = [...listAt(change, 'fromClause'), ...listAt(change, 'usingClause'), ...(source ? [source] : [])];
  const froms = more.map((one) => fromOf(one, around));
  const returning = itemsOf(treeAt(change, 'returningClause') ?? change, 'exprs', around);
  const inserted = treeAt(change, 'selectStmt');
  const rest = readValue([change['whereClause'], change['joinCondition']], around);
  const set =
    tag === 'UpdateStmt' ? updateItems(change, around) : tag === 'MergeStmt' ? mergeItems(change, around) : [];
  // What an INSERT reads is read also where only its RETURNING gives columns.
  const given = inserted ? { ...nothing, conditions: [queryOf(inserted, telling)] } : nothing;
  const body: Select = {
    kind: 'select',
    from: [...target, ...froms.map(({ from }) => from)],
    items: returning.length > 0 ? returning : set,
    rest: joined([...froms.map(({ on }) => on), rest, given, ...(returning.length > 0 ? set : [])]),
  };
  return { ...namesOf(change, telling), body };
}

function surroundings(select: Tree, telling: Telling): Surroundings {
  const windows = insidesAt(select, 'windowClause', 'WindowDef');
  return {
    ...telling,
    queryOf: (node) => queryOf(node, telling),
    windows: new Map(windows.map((window) => [textAt(window, 'name') ?? '', window])),
  };
}

function namesOf(select: Tree, telling: Telling): Pick<Query, 'names' | 'recursive'> {
  const clause = treeAt(select, 'withClause');
  const names = clause ? insidesAt(clause, 'ctes', 'CommonTableExpr') : [];
  return {
    recursive: clause?.['recursive'] === true,
    names: names.map((one) => ({
      name: telling.fold(textAt(one, 'ctename') ?? ''),
      columns: stringsAt(one, 'aliascolnames').map(telling.fold),
      query: queryOf(treeAt(one, 'ctequery') ?? {}, telling),
    })),
  };
}

function itemsOf(tree: Tree, key: string, around: Surroundings): (Item | Star)[] {
  return insidesAt(tree, key, 'ResTarget').flatMap((target) => {
    const value = treeAt(target, 'val');
    return value ? [itemOf(textAt(target, 'name'), value, around)] : [];
  });
}

function itemOf(alias: string | undefined, value: Tree, around: Surroundings): Item | Star {
  const column = treeAt(value, 'ColumnRef');
  if (column && listAt(column, 'fields').some((field) => 'A_Star' in field)) {
    const path = stringsAt(column, 'fields').map(around.fold);
    return { kind: 'star', path, at: around.offset(Number(column['location'] ?? 0)) };
  }
  const called = alias === undefined ? columnName(value) : { name: alias, written: true };
  return { kind: 'item', ...readValue(value, around), name: around.fold(called.name), written: called.written };
}

/** The columns of VALUES, each made from its expressions in all rows. */
function rowsOf(rows: readonly Tree[], around: Surroundings): Item[] {
  const lists = rows.map((row) => listAt(treeAt(row, 'List') ?? {}, 'items'));
  return (lists[0] ?? []).map((_, place): Item => {
    const value: Value = readValue(
      lists.map((list) => list[place]),
      around,
    );
    return { kind: 'item', ...value, name: `column${place + 1}`, written: false };
  });
}

const restOf = (select: Tree): unknown[] =>
  ['distinctClause', 'whereClause', 'groupClause', 'havingClause', 'windowClause', 'sortClause', 'limitCount'].map(
    (key) => select[key],
  );
