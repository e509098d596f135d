/** Whether a text holds `*`, `?` or `[..]`. */
export function isWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** A test for names: `*` is any characters, `?` one, `[ab]` and `[!ab]` one of, or none of, a set. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  return matcher(pattern, '.*', '.');
}

/** A test for paths, in which `*` and `?` stay within a folder, `**` does not; a folder matches what lies in it. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  const matches = matcher(plain, '[^/]*', '[^/]');
  return (path) => matches(path) || folders(path).some(matches);
}

/** The folders around a file, outermost first: `a`, `a/b` of `a/b/c.sql`. */
export function folders(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function matcher(pattern: string, many: string, one: string): (text: string) => boolean {
  if (!isWildcard(pattern)) return (text) => text === pattern;
  const source = pattern.replace(/\*\*\/|\*+|\?|\[!?[^\]]+\]|[^*?[]+|\[/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?';
    if (piece.startsWith('*')) return piece.length > 1 ? '.*' : many;
    if (piece === '?') return one;
    if (piece.length > 1 && piece.startsWith('['))
      return `[${piece.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
    return piece.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
  const regex = new RegExp(`^${source}$`, 's');
  return (text) => regex.test(text);
}
