import { readValue, type Surroundings } from './read-value.ts';
import { type Alias, type From, joined, nothing, type TableItem, type Value } from './shape.ts';
import { listAt, stringsAt, type Tree, tagged, textAt, treeAt } from './tree.ts';

/** An item of a FROM list, and the conditions of its joins. */
export interface Joined {
  readonly from: From;
  readonly on: Value;
}

export function fromOf(node: Tree, around: Surroundings): Joined {
  const { tag, inside } = tagged(node);
  switch (tag) {
    case 'RangeVar':
      return { from: tableOf(inside, around), on: nothing };
    case 'RangeSubselect': {
      const query = around.queryOf(treeAt(inside, 'subquery') ?? {});
      const lateral = inside['lateral'] === true;
      return { from: { kind: 'query', query, alias: aliasOf(inside, around), lateral }, on: nothing };
    }
    case 'JoinExpr':
      return joinOf(inside, around);
    case 'RangeTableSample':
      return fromOf(treeAt(inside, 'relation') ?? {}, around);
    default:
      return { from: functionOf(inside, around), on: nothing };
  }
}

/** A table by its name; `written` = it is what the statement changes. */
export function tableOf(table: Tree, around: Surroundings, written = false): TableItem {
  const names = [textAt(table, 'catalogname'), textAt(table, 'schemaname'), textAt(table, 'relname')];
  return {
    kind: 'table',
    path: names.flatMap((name) => (name === undefined ? [] : [around.fold(name)])),
    alias: aliasOf(table, around),
    at: around.offset(Number(table['location'] ?? 0)),
    written,
  };
}

function joinOf(join: Tree, around: Surroundings): Joined {
  const left = fromOf(treeAt(join, 'larg') ?? {}, around);
  const right = fromOf(treeAt(join, 'rarg') ?? {}, around);
  const from: From = {
    kind: 'join',
    left: left.from,
    right: right.from,
    keeps: keeps[textAt(join, 'jointype') ?? ''] ?? 'left',
    using: stringsAt(join, 'usingClause').map(around.fold),
    usingName: around.fold(textAt(treeAt(join, 'join_using_alias') ?? {}, 'aliasname') ?? ''),
    natural: join['isNatural'] === true,
    alias: aliasOf(join, around),
  };
  return { from, on: joined([left.on, right.on, readValue(join['quals'], around)]) };
}

const keeps: Readonly<Record<string, 'left' | 'right' | 'both'>> = { JOIN_RIGHT: 'right', JOIN_FULL: 'both' };

function functionOf(inside: Tree, around: Surroundings): From {
  const [first] = listAt(inside, 'functions');
  const call = first && listAt(treeAt(first, 'List') ?? {}, 'items').map((item) => treeAt(item, 'FuncCall'))[0];
  const name = call ? (stringsAt(call, 'funcname').at(-1) ?? '') : '';
  const alias = aliasOf(inside, around);
  const defined = listAt(inside, 'coldeflist').flatMap((node) => {
    const column = treeAt(node, 'ColumnDef');
    return column ? [around.fold(textAt(column, 'colname') ?? '')] : [];
  });
  const { alias: _, coldeflist: __, ...rest } = inside;
  return {
    kind: 'function',
    name: around.fold(name),
    alias: alias && defined.length > 0 ? { ...alias, columns: defined } : alias,
    value: readValue(rest, around),
  };
}

function aliasOf(tree: Tree, { fold }: Surroundings): Alias | undefined {
  const alias = treeAt(tree, 'alias');
  if (!alias) return undefined;
  return { name: fold(textAt(alias, 'aliasname') ?? ''), columns: stringsAt(alias, 'colnames').map(fold) };
}
