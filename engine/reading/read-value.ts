import type { Query, Ref, Value } from './shape.ts';
import { isTree, listAt, stringsAt, type Tree, textAt, treeAt } from './tree.ts';

/** What reading an expression needs of the query around it. */
export interface Surroundings {
  readonly fold: (name: string) => string;
  /** The author's offset of a byte of the text that was parsed. */
  readonly offset: (byte: number) => number;
  readonly queryOf: (node: Tree) => Query;
  /** The named windows of the SELECT. */
  readonly windows: ReadonlyMap<string, Tree>;
}

/** The names and subqueries of an expression, or of several. Depth costs no stack: ten thousand `||` are one list. */
export function readValue(from: unknown, around: Surroundings): Value {
  const refs: Ref[] = [];
  const queries: Query[] = [];
  const conditions: Query[] = [];
  const opened = new Set<string>();
  const left: unknown[] = [from];
  while (left.length > 0) {
    const next = left.pop();
    if (Array.isArray(next)) {
      for (const one of next.toReversed()) left.push(one);
    } else if (isTree(next)) {
      for (const [key, inside] of Object.entries(next)) {
        if (!isTree(inside)) left.push(inside);
        else if (key === 'ColumnRef') refs.push(refOf(inside, around));
        else if (key === 'SubLink') {
          const query = around.queryOf(treeAt(inside, 'subselect') ?? {});
          (textAt(inside, 'subLinkType') === 'EXISTS_SUBLINK' ? conditions : queries).push(query);
          left.push(inside['testexpr']);
        } else if (key === 'FuncCall') {
          left.push({ ...inside, args: argumentsOf(inside) });
          const window = textAt(treeAt(inside, 'over') ?? {}, 'name');
          const named = window === undefined || opened.has(window) ? undefined : around.windows.get(window);
          if (window !== undefined) opened.add(window);
          if (named) left.push(named);
        } else left.push(inside);
      }
    }
  }
  return { refs: refs.filter(isColumn), queries, conditions };
}

function refOf(inside: Tree, { fold, offset }: Surroundings): Ref {
  const whole = listAt(inside, 'fields').some((field) => 'A_Star' in field);
  const path = stringsAt(inside, 'fields').map(fold);
  return { path: whole ? [...path, '*'] : path, at: offset(Number(inside['location'] ?? 0)) };
}

/** The first argument of these is a word such as `month`, which stands where a column would. */
const takesDatePart = new Set('dateadd datediff date_diff date_part date_trunc timestampadd timestampdiff'.split(' '));

function argumentsOf(call: Tree): readonly Tree[] {
  const args = listAt(call, 'args');
  const name = stringsAt(call, 'funcname').at(-1) ?? '';
  const first = args[0] && treeAt(args[0], 'ColumnRef');
  return takesDatePart.has(name) && first && listAt(first, 'fields').length === 1 ? args.slice(1) : args;
}

/** Words of Redshift that stand where a column would. */
const values = new Set('sysdate current_user_id rownum'.split(' '));

const isColumn = ({ path }: Ref): boolean => !(path.length === 1 && values.has(path[0] ?? ''));
