import { listAt, stringsAt, type Tree, tagged, textAt, treeAt } from './tree.ts';

/** What a column of a SELECT list is called that has no alias, and whether that is the name of a column. */
export interface ColumnName {
  readonly name: string;
  readonly written: boolean;
}

/** The name that PostgreSQL gives (FigureColname of its parse_target.c). */
export function columnName(node: Tree): ColumnName {
  const { tag, inside } = tagged(node);
  const made = (name: string): ColumnName => ({ name, written: false });
  switch (tag) {
    case 'ColumnRef': {
      const name = stringsAt(inside, 'fields').at(-1);
      return name === undefined ? made('?column?') : { name, written: true };
    }
    case 'A_Indirection':
      return lastOf(inside, 'indirection') ?? columnName(treeAt(inside, 'arg') ?? {});
    case 'CollateClause':
      return columnName(treeAt(inside, 'arg') ?? {});
    case 'TypeCast': {
      const arg = columnName(treeAt(inside, 'arg') ?? {});
      if (arg.name !== '?column?') return arg;
      return made(stringsAt(treeAt(inside, 'typeName') ?? {}, 'names').at(-1) ?? '?column?');
    }
    case 'FuncCall':
      return made(stringsAt(inside, 'funcname').at(-1) ?? '?column?');
    case 'CaseExpr': {
      const otherwise = treeAt(inside, 'defresult');
      const name = otherwise && columnName(otherwise);
      return name && name.name !== '?column?' ? { ...name, written: false } : made('case');
    }
    case 'SubLink':
      return made(nameOfSublink(inside));
    case 'MinMaxExpr':
      return made(textAt(inside, 'op') === 'IS_LEAST' ? 'least' : 'greatest');
    case 'SQLValueFunction':
      return made((textAt(inside, 'op') ?? '').replace(/^SVFOP_|_N$/g, '').toLowerCase());
    case 'A_Expr':
      return made(textAt(inside, 'kind') === 'AEXPR_NULLIF' ? 'nullif' : '?column?');
    default:
      return made(ownNames[tag] ?? '?column?');
  }
}

const ownNames: Readonly<Record<string, string>> = {
  A_ArrayExpr: 'array',
  CoalesceExpr: 'coalesce',
  GroupingFunc: 'grouping',
  RowExpr: 'row',
};

function lastOf(tree: Tree, key: string): ColumnName | undefined {
  const name = stringsAt(tree, key).at(-1);
  return name === undefined ? undefined : { name, written: true };
}

function nameOfSublink(inside: Tree): string {
  const kind = textAt(inside, 'subLinkType');
  if (kind === 'EXISTS_SUBLINK') return 'exists';
  if (kind === 'ARRAY_SUBLINK') return 'array';
  const select = treeAt(treeAt(inside, 'subselect') ?? {}, 'SelectStmt');
  const first = select && listAt(select, 'targetList')[0];
  const target = first && treeAt(first, 'ResTarget');
  if (kind !== 'EXPR_SUBLINK' || !target) return '?column?';
  return textAt(target, 'name') ?? columnName(treeAt(target, 'val') ?? {}).name;
}
