import { type SqlDialect, significant, tokenize } from './tokens.ts';
import { foldWord, isSymbol } from './words.ts';

/**
 * A text in which the clock stands still: `now()`, `current_timestamp`, `current_date`, and `redshift.getdate()` and
 * `redshift.sysdate()` of a local form, are replaced by literals. `day` is the date of the instant where the reader of the clock lives.
 */
export function freezeClock(text: string, dialect: SqlDialect, at: Date, day: string): string {
  const instant = `timestamptz '${at.toISOString()}'`;
  const tokens = significant(tokenize(text, dialect));
  let result = '';
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || isSymbol(tokens[index - 1], '.')) continue;
    const word = foldWord(token.text);
    if (
      word === 'redshift' &&
      /^(getdate|sysdate)$/.test(tokens[index + 2]?.text ?? '') &&
      isSymbol(tokens[index + 4], ')')
    ) {
      result += `${text.slice(from, token.start)}timestamp '${at.toISOString().slice(0, -1)}'`;
      from = tokens[index + 4]?.end ?? from;
      continue;
    }
    const call = isSymbol(tokens[index + 1], '(') && isSymbol(tokens[index + 2], ')') ? tokens[index + 2] : undefined;
    const literal = word === 'current_date' ? `date '${day}'` : instant;
    const end =
      word === 'now' ? call?.end : word === 'current_timestamp' || word === 'current_date' ? token.end : undefined;
    if (end === undefined) continue;
    result += text.slice(from, token.start) + literal;
    from = end;
  }
  return result + text.slice(from);
}
