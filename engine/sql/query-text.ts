import { type SqlDialect, significant, tokenize } from './tokens.ts';
import { isSymbol } from './words.ts';

/**
 * A query as it can be set into a statement of ours: without the `;` and the comments behind its last word. Its lines stay
 * where they are, so that an error's line is the author's.
 */
export function queryText(text: string, dialect: SqlDialect): string {
  const tokens = significant(tokenize(text, dialect));
  while (isSymbol(tokens.at(-1), ';')) tokens.pop();
  return text.slice(0, tokens.at(-1)?.end ?? 0);
}
