import type { SqlDialect } from '../sql/tokens.ts';
import { tokenize } from '../sql/tokens.ts';
import { isTree, type Tree } from './tree.ts';

/** The tables that a text reads, `schema.name`, folded to lower case; undefined where they are not to be trusted. */
export type SecondReader = (text: string) => ReadonlySet<string> | undefined;

/** Its time grows with the square of the joins: what is longer is left to the other readers. */
const longest = 64 * 1024;

/**
 * node-sql-parser, the second opinion on what PostgreSQL's parser refuses. It accepts and misreads valid SQL in known ways
 * (a cross join's table becomes `a AS cross`, tables after `JOIN .. ON` and a comma are lost); whatever looks like one of
 * them is no answer. It loses the quotes of names, so that all are folded.
 */
export async function openSecondReader(dialect: SqlDialect): Promise<SecondReader> {
  const database = dialect === 'redshift' ? 'redshift' : 'postgresql';
  const { default: parsers } = await (dialect === 'redshift'
    ? import('node-sql-parser/build/redshift.js')
    : import('node-sql-parser/build/postgresql.js'));
  const parser = new parsers.Parser();
  return (text) => {
    if (text.length > longest) return undefined;
    try {
      const read = new Set<string>();
      const trusted = walk(parser.astify(text, { database }), [], read);
      return trusted && [...read].every((name) => isSpelled(name, text, dialect)) ? read : undefined;
    } catch {
      return undefined; // It says no more than that it cannot.
    }
  };
}

type Names = readonly string[];

/** Gathers the tables of a tree that no WITH around names; false where the tree shows a misreading. */
function walk(node: unknown, names: Names, read: Set<string>): boolean {
  if (Array.isArray(node)) return node.every((one) => walk(one, names, read));
  if (!isTree(node)) return true;
  let seen = names;
  for (const one of Array.isArray(node['with']) ? node['with'].filter(isTree) : []) {
    const name = isTree(one['name']) ? one['name']['value'] : one['name'];
    const inside = node['recursive'] || one['recursive'] ? [...seen, fold(name)] : seen;
    if (!walk(one['stmt'], inside, read)) return false;
    seen = [...seen, fold(name)];
  }
  const joined = node['on'];
  if (isTree(joined) && joined['type'] === 'expr_list') return false;
  for (const [key, inside] of Object.entries(node)) {
    if (key === 'with' || key === 'tableList' || key === 'columnList') continue;
    const tables = key === 'from' || (node['type'] === 'tables' && key === 'expr') ? inside : undefined;
    if (Array.isArray(tables) && !tables.every((table) => !isTree(table) || takeTable(table, seen, read))) return false;
    if (!walk(inside, seen, read)) return false;
  }
  return true;
}

function takeTable(entry: Tree, names: Names, read: Set<string>): boolean {
  const { table, db, schema, as } = entry;
  if (typeof as === 'string' && (misread.has(fold(as)) || as.includes('('))) return false;
  if (typeof table !== 'string') return true;
  const parts = [db, schema, table].filter((part) => typeof part === 'string').map(fold);
  if (fold(table) === 'only' || parts.some((part) => /[\s\-+*/]/.test(part))) return false;
  if (parts.length > 1 || !names.includes(fold(table))) read.add(parts.slice(-2).join('.'));
  return true;
}

/** Words that it takes for an alias where they are none. */
const misread = new Set('cross natural qualify minus full left right inner only'.split(' '));

const fold = (name: unknown): string => String(name).toLowerCase();

/** Whether the last name of a table stands in the text as a name of its own. */
function isSpelled(name: string, text: string, dialect: SqlDialect): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return tokenize(text, dialect).some(
    ({ kind, text: spelled }) => (kind === 'word' || kind === 'quoted') && fold(spelled).replaceAll('"', '') === last,
  );
}
