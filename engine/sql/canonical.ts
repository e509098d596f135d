import { createHash } from 'node:crypto';
import { type SqlDialect, significant, type Token, tokenize } from './tokens.ts';
import { foldWord, isSymbol } from './words.ts';

/**
 * A text without what means nothing: comments and white space are gone, unquoted words in lower case, `;` at the end
 * dropped. Quoted names stay quoted: `"select"` is not `select`. The result can be run and has the text's meaning.
 */
export function canonical(text: string, dialect: SqlDialect): string {
  const tokens = significant(tokenize(text, dialect));
  while (isSymbol(tokens.at(-1), ';')) tokens.pop();
  return tokens.map((token, at) => gap(text, tokens[at - 1], token) + spelling(token)).join('');
}

/**
 * SHA-256, in hex, of the canonical text: it changes when the meaning may have changed and not with layout or comments.
 * Recorded with every build, so a change of this function makes every window of every project stale.
 */
export function canonicalHash(text: string, dialect: SqlDialect): string {
  return createHash('sha256').update(canonical(text, dialect)).digest('hex');
}

/** One space keeps tokens apart; but two strings are one string when a line break, and no more, parts them. */
function gap(text: string, before: Token | undefined, token: Token): string {
  if (before === undefined) return '';
  const strings = before.kind === 'string' && token.text.startsWith("'");
  return strings && /^(?!.*\/\*).*[\n\r]/s.test(text.slice(before.end, token.start)) ? '\n' : ' ';
}

function spelling(token: Token): string {
  switch (token.kind) {
    case 'word':
    case 'number':
      return foldWord(token.text);
    case 'string':
    case 'quoted':
      return token.text.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    default:
      return token.text;
  }
}
