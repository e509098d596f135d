/** A piece of SQL. Words are in small letters; a quoted name keeps what stands between its quotes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'parameter' | 'sign';
  readonly value: string;
  /** Where it stands in the statement. */
  readonly from: number;
  readonly until: number;
  /** How many parentheses and brackets are open before it. */
  readonly depth: number;
}

const pieces = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<text>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|\$\$[\s\S]*?\$\$)`,
    '(?<name>"(?:[^"]|"")*")',
    String.raw`(?<parameter>\$\d+)`,
    String.raw`(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff#][\w$\u0080-\uffff]*)`,
    String.raw`(?<sign>::|<=|>=|<>|!=|\|\||[\s\S])`,
  ].join('|'),
  'gy',
);

/**
 * The tokens of a text, white space and comments left out. Made for the stand-in alone and apart from the engine's own
 * reader of SQL, so that one cannot hide a mistake of the other.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const { 0: found, index, groups = {} } of text.matchAll(pieces)) {
    const kind = Object.entries(groups).find(([, value]) => value !== undefined)?.[0] ?? 'sign';
    if (kind === 'space') continue;
    if (found === ')' || found === ']') depth -= 1;
    const value = kind === 'word' ? found.toLowerCase() : kind === 'name' ? found.slice(1, -1) : found;
    tokens.push({ kind: kind as Token['kind'], value, from: index, until: index + found.length, depth });
    if (found === '(' || found === '[') depth += 1;
  }
  return tokens;
}

/** A text cut into its statements at the semicolons; empty ones are left out. */
export function statementsOf(text: string): string[] {
  const cuts = tokensOf(text).filter(({ kind, value }) => kind === 'sign' && value === ';');
  const edges = [0, ...cuts.flatMap(({ from, until }) => [from, until]), text.length];
  const statements: string[] = [];
  for (let index = 0; index < edges.length; index += 2) statements.push(text.slice(edges[index], edges[index + 1]));
  return statements.filter((statement) => tokensOf(statement).length > 0);
}

/** Whether the tokens at an index are these words or signs. */
export function isAt(tokens: readonly Token[], index: number, ...values: readonly string[]): boolean {
  return values.every((value, offset) => {
    const token = tokens[index + offset];
    return token !== undefined && token.value === value && (token.kind === 'word' || token.kind === 'sign');
  });
}

/** The first place where these words or signs stand in a row; undefined where they do not. */
export function find(tokens: readonly Token[], ...values: readonly string[]): Token | undefined {
  return tokens.find((_, index) => isAt(tokens, index, ...values));
}

/** The names that a statement calls as functions, at least by their looks: words before a parenthesis. */
export function callsOf(tokens: readonly Token[]): Token[] {
  return tokens.filter(({ kind }, index) => kind === 'word' && isAt(tokens, index + 1, '('));
}

/** A table that a statement names. */
export interface NamedTable {
  readonly schema: string | undefined;
  readonly name: string;
  readonly token: Token;
}

const leads = new Set(['from', 'join', 'into', 'update', 'table', 'using', 'exists', 'only', 'lock', 'view']);
const notNames = new Set(['select', 'lateral', 'unnest', 'if', 'not', 'exists', 'only', 'table', 'set', 'where', 'on']);

/** The tables that a statement names after FROM, JOIN, INTO, UPDATE, TABLE, USING or LOCK; a comma continues a list. */
export function tablesOf(tokens: readonly Token[]): NamedTable[] {
  const tables: NamedTable[] = [];
  const isName = (token: Token | undefined) =>
    token !== undefined && (token.kind === 'name' || (token.kind === 'word' && !notNames.has(token.value)));
  let listDepth: number | undefined;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const opens = token.kind === 'word' && leads.has(token.value);
    if (opens) listDepth = token.depth;
    const continues = token.value === ',' && listDepth === token.depth;
    if (token.kind === 'word' && clauseEnds.has(token.value)) listDepth = undefined;
    if (!(opens || continues) || !next || !isName(next)) continue;
    // EXTRACT(epoch FROM x), TRIM(x FROM y), SUBSTRING(x FROM 2): no table.
    if (token.value === 'from' && isFunctionFrom(tokens, index)) continue;
    const dotted = isAt(tokens, index + 2, '.') ? tokens[index + 3] : undefined;
    const call = tokens[index + (dotted ? 4 : 2)];
    if (call?.value === '(' && token.value !== 'into' && token.value !== 'table' && token.value !== 'exists') continue;
    tables.push(
      dotted
        ? { schema: next.value, name: dotted.value, token: next }
        : { schema: undefined, name: next.value, token: next },
    );
  }
  return tables;
}

const clauseEnds = new Set([
  'where',
  'group',
  'order',
  'having',
  'limit',
  'union',
  'select',
  'set',
  'values',
  'on',
  'with',
]);
const fromFunctions = new Set(['extract', 'trim', 'substring', 'btrim', 'date_part', 'position', 'overlay']);

function isFunctionFrom(tokens: readonly Token[], index: number): boolean {
  const depth = tokens[index]?.depth ?? 0;
  for (let before = index - 1; before >= 0; before -= 1) {
    const token = tokens[before];
    if (!token || token.depth >= depth) {
      if (token?.kind === 'word' && token.value === 'select' && token.depth === depth) return false;
      continue;
    }
    return token.value === '(' && fromFunctions.has(tokens[before - 1]?.value ?? '');
  }
  return false;
}
