/** The shapes of tokens (PostgreSQL, "Lexical Structure"). Sticky: each is asked at one place by `endOf`. */
export const patterns = {
  space: /[ \t\n\r\f\v]+/y,
  word: /[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*/y,
  hashName: /#[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*/y,
  number:
    /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y,
  parameter: /\$\d+/y,
  dollarTag: /\$(?:[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*)?\$/y,
  /** The letters before a quote that make it another kind of string or name; the quote itself is not taken. */
  prefix: /[eEbBxXnN](?=')|[uU]&(?=['"])/y,
  lineComment: /--[^\n\r]*/y,
  /** No operator is longer than a name may be; the bound keeps a mile of plus signs linear. */
  operator: /[~!@#^&|`?+\-*/%<>=]{1,63}/y,
} as const;

/** Where a pattern ends that begins at `at`; `at` itself when it does not begin there. */
export function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The end of what a quote at `quote` opens, where a doubled quote stands for one; -1 when it is never closed. */
export function endOfPlain(text: string, quote: number): number {
  const mark = text.charAt(quote);
  let at = text.indexOf(mark, quote + 1);
  while (at >= 0 && text[at + 1] === mark) at = text.indexOf(mark, at + 2);
  return at < 0 ? -1 : at + 1;
}

/** The same for a string in which a backslash takes the next character with it. */
export function endOfEscaped(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === "'" && text[at + 1] === "'") at++;
    else if (text[at] === "'") return at + 1;
  }
  return -1;
}

/** The end of a block comment, which may hold others; -1 when it is never closed. */
export function endOfComment(text: string, at: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  for (let depth = 0; ; ) {
    const found = mark.exec(text);
    if (found === null) return -1;
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
}

/**
 * The end of an operator: as long as possible, but a comment ends it, and it ends with + or - only when it holds one of
 * the characters that no operator of standard SQL has. So `a=-1` is `a = -1`, and `a@-1` is `a @- 1`.
 */
export function endOfOperator(text: string, at: number): number {
  const longest = endOf(patterns.operator, text, at);
  const comment = /--|\/\*/.exec(text.slice(at, longest));
  const run = text.slice(at, comment && comment.index > 0 ? at + comment.index : longest);
  const taken = /[~!@#^&|`?%]/.test(run) ? run : run.replace(/(?<=.)[+-]+$/, '');
  return at + taken.length;
}
