import { nothing, type Query, type Shape } from './shape.ts';
import { queryOf, type Telling } from './shape-of.ts';
import { insidesAt, stringsAt, type Tree, tagged, textAt, treeAt } from './tree.ts';

/** The shape of a statement; of one that neither reads nor writes rows it is an empty query. */
export function shapeOf(node: Tree, telling: Telling): Shape {
  const { tag, inside } = tagged(node);
  const queryAt = (key: string): Query => {
    const inner = treeAt(inside, key);
    return inner ? queryOf(inner, telling) : empty;
  };
  const write = (relation: Tree | undefined, query: Query, columns: readonly string[]): Shape => ({
    query,
    target: relation && { path: pathOf(relation, telling), columns: columns.map(telling.fold) },
  });
  switch (tag) {
    case 'SelectStmt':
      return write(intoOf(inside), queryOf(node, telling), []);
    case 'InsertStmt': {
      const named = insidesAt(inside, 'cols', 'ResTarget').map((column) => textAt(column, 'name') ?? '');
      return write(treeAt(inside, 'relation'), insertedBy(inside, queryAt('selectStmt'), node, telling), named);
    }
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return write(treeAt(inside, 'relation'), queryOf(node, telling), []);
    case 'CreateTableAsStmt': {
      const into = treeAt(inside, 'into') ?? {};
      return write(treeAt(into, 'rel'), queryAt('query'), stringsAt(into, 'colNames'));
    }
    case 'ViewStmt':
      return write(treeAt(inside, 'view'), queryAt('query'), stringsAt(inside, 'aliases'));
    // DECLARE, EXPLAIN, PREPARE and COPY (query): what is inside is read.
    default:
      return { query: queryAt('query'), target: undefined };
  }
}

const empty: Query = { names: [], recursive: false, body: { kind: 'select', from: [], items: [], rest: nothing } };

/** What an INSERT inserts, with the names of its own WITH. */
function insertedBy(insert: Tree, given: Query, node: Tree, telling: Telling): Query {
  if (!treeAt(insert, 'withClause')) return given;
  const { names, recursive } = queryOf(node, telling);
  return { ...given, names: [...names, ...given.names], recursive: recursive || given.recursive };
}

function intoOf(select: Tree): Tree | undefined {
  const left = treeAt(select, 'larg');
  const into = treeAt(select, 'intoClause');
  return into ? treeAt(into, 'rel') : left && intoOf(left);
}

function pathOf(relation: Tree, { fold }: Telling): string[] {
  return ['catalogname', 'schemaname', 'relname'].flatMap((key) => {
    const name = textAt(relation, key);
    return name === undefined ? [] : [fold(name)];
  });
}
