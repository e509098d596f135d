import type { SqlDialect, Token } from './tokens.ts';

/** Unquoted words as the servers fold them: ASCII letters only, whatever the language. */
export function foldWord(text: string): string {
  return nonAscii.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text.toLowerCase();
}

/** The name that a `word` or `quoted` token stands for. */
export function nameOf(token: Token, dialect: SqlDialect): string {
  if (token.kind === 'word') return foldWord(token.text);
  const inner = token.text.slice(token.text.indexOf('"') + 1, -1).replaceAll('""', '"');
  return dialect === 'redshift' ? foldWord(inner) : inner;
}

export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

/** Whether a token is this one unquoted word, given in lower case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.length === word.length && foldWord(token.text) === word;
}

export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is meant
const nonAscii = /[^\x00-\x7f]/;

/** Words that end a FROM list at its own level; a comma after one of them separates no tables. */
export const endsFrom: ReadonlySet<string> = new Set(
  'where group having order limit offset fetch for window returning'.split(' '),
);

export const setOperators: ReadonlySet<string> = new Set(['union', 'intersect', 'except']);

/** Words that are reserved in every dialect here: unquoted, none of them names a table. */
export const reserved: ReadonlySet<string> = new Set([
  ...endsFrom,
  ...setOperators,
  ...'all and as asc case create desc distinct else end from in into not null on or select then to using when with'.split(
    ' ',
  ),
]);

/** Words after a table that are not its alias. */
export const notAlias: ReadonlySet<string> = new Set([
  ...reserved,
  ...'connect cross full inner join left lateral minus natural outer pivot qualify right set start tablesample unpivot values'.split(
    ' ',
  ),
]);
