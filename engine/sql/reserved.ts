import { type SqlDialect, significant, tokenize } from './tokens.ts';

/**
 * A text in which reserved words that stand before a dot, as the name of a schema or a table, are quoted: `raw.lines` as
 * `"raw".lines`. Nothing else of it changes, and no line of it moves.
 */
export function quoteReserved(text: string, reserved: ReadonlySet<string>, dialect: SqlDialect): string {
  const tokens = significant(tokenize(text, dialect));
  let result = '';
  let at = 0;
  for (const [index, { kind, text: word, start, end }] of tokens.entries()) {
    const name = word.toLowerCase();
    if (kind !== 'word' || !reserved.has(name)) continue;
    if (tokens[index + 1]?.text !== '.' || tokens[index - 1]?.text === '.') continue;
    result += `${text.slice(at, start)}"${name}"`;
    at = end;
  }
  return result + text.slice(at);
}
