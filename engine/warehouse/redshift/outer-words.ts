const pieces = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[a-z_]\w*/gi;

/** The words of a statement, in small letters, that stand in no parentheses, texts, quoted names or comments. */
export function outerWords(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  let depth = 0;
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === '(') depth += 1;
    else if (piece === ')') depth -= 1;
    else if (depth === 0 && /^[a-z_]/i.test(piece)) words.add(piece.toLowerCase());
  }
  return words;
}
