import { readValue, type Surroundings } from './read-value.ts';
import type { Item } from './shape.ts';
import { insidesAt, listAt, stringsAt, type Tree, textAt, treeAt } from './tree.ts';

/** The columns that an UPDATE, or a branch of a MERGE, sets. */
export function updateItems(change: Tree, around: Surroundings): Item[] {
  return insidesAt(change, 'targetList', 'ResTarget').flatMap((target) => {
    const value = treeAt(target, 'val');
    return value ? [item(target, partOf(value), around)] : [];
  });
}

/** The columns that a MERGE sets or inserts, as often as it does. */
export function mergeItems(merge: Tree, around: Surroundings): Item[] {
  return insidesAt(merge, 'mergeWhenClauses', 'MergeWhenClause').flatMap((clause) => {
    if (textAt(clause, 'commandType') !== 'CMD_INSERT') return updateItems(clause, around);
    const values = listAt(clause, 'values');
    return insidesAt(clause, 'targetList', 'ResTarget').map((target, place) => item(target, values[place], around));
  });
}

function item(target: Tree, value: unknown, around: Surroundings): Item {
  // Some servers let the table stand before the column that is set, `set t.a = 1`; a composite's field looks the same.
  const name = stringsAt(target, 'indirection').at(-1) ?? textAt(target, 'name') ?? '';
  return { kind: 'item', ...readValue(value, around), name: around.fold(name), written: true };
}

/** Of `(a, b) = (x, y)` each column's own part; of `(a, b) = (select ...)` each has the whole query. */
function partOf(value: Tree): unknown {
  const assigned = treeAt(value, 'MultiAssignRef');
  const source = assigned && treeAt(assigned, 'source');
  const row = source && treeAt(source, 'RowExpr');
  return row ? listAt(row, 'args')[Number(assigned['colno']) - 1] : value;
}
