import { readReferences } from '../sql/references.ts';
import { tableName } from '../sql/table-ref.ts';
import type { SqlDialect } from '../sql/tokens.ts';
import { foldWord } from '../sql/words.ts';
import { offsetsOf } from './offsets.ts';
import type { SecondReader } from './second.ts';
import type { Shape } from './shape.ts';
import { shim } from './shim.ts';
import { shapeOf } from './statements.ts';
import { tablesOf } from './tables.ts';
import { isTree, listAt, type Tree, treeAt } from './tree.ts';

/**
 * What readers make of a text:
 *   postgres   PostgreSQL's own parser took it
 *   shimmed    the same, after what is Redshift's was respelled; `partial` where columns are lost by it
 *   second     only node-sql-parser took it: tables, no columns
 *   words      no parser took it: the tables are those of the reader that never fails
 */
export interface Reading {
  readonly by: 'postgres' | 'shimmed' | 'second' | 'words';
  readonly partial: boolean;
  /** One a statement; none where no parser that is trusted with columns took the text. */
  readonly shapes: readonly Shape[];
  /** The tables that are read, by the reader that never fails: the project's graph is made of these. */
  readonly tables: readonly string[];
  /** What the parser says instead, where it says something else. */
  readonly other: readonly string[] | undefined;
}

/** The parsers, loaded once: they throw for what they do not take. */
export interface Parsers {
  readonly postgres: (text: string) => unknown;
  readonly second: SecondReader;
}

/** Reads a text by every reader, in the order of trust. Never throws. */
export function readText(text: string, dialect: SqlDialect, parsers: Parsers): Reading {
  const words = new Set(readReferences(text, dialect).flatMap(({ reads }) => reads.map(tableName)));
  const tables = [...words].sort();
  const parsed = parse(text, dialect, parsers.postgres);
  if (parsed) {
    const found = tablesOf(parsed.shapes, dialect);
    return { ...parsed, tables, other: isSame(found, words) ? undefined : [...found].sort() };
  }
  const second = parsers.second(text);
  const none = { partial: true, shapes: [], tables } as const;
  if (!second) return { by: 'words', ...none, other: undefined };
  const folded = new Set(tables.map((table) => table.toLowerCase()));
  return { by: 'second', ...none, other: isSame(second, folded) ? undefined : [...second].sort() };
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((name) => other.has(name));

type Parsed = Pick<Reading, 'by' | 'partial' | 'shapes'>;

function parse(text: string, dialect: SqlDialect, postgres: Parsers['postgres']): Parsed | undefined {
  const plain = shapesOf(text, text, postgres, dialect === 'redshift' ? foldWord : (name) => name);
  if (plain) return { by: 'postgres', partial: false, shapes: plain };
  if (dialect === 'postgres') return undefined;
  // Redshift folds quoted names, too.
  const { text: shimmed, partial, names } = shim(text);
  const fold = (name: string) => names.get(foldWord(name)) ?? foldWord(name);
  const shapes = shapesOf(shimmed, text, postgres, fold);
  return shapes && { by: 'shimmed', partial, shapes };
}

function shapesOf(
  text: string,
  author: string,
  postgres: Parsers['postgres'],
  fold: (name: string) => string,
): Shape[] | undefined {
  try {
    const tree = postgres(text);
    const telling = { fold, offset: offsetsOf(author) };
    return statementsOf(tree).map((statement) => shapeOf(statement, telling));
  } catch {
    // Refused, or deeper than the stack: the next reader has its turn.
    return undefined;
  }
}

function statementsOf(tree: unknown): Tree[] {
  return isTree(tree) ? listAt(tree, 'stmts').map((one) => treeAt(one, 'stmt') ?? {}) : [];
}
