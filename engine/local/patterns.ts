import type { Token } from '../sql/tokens.ts';
import type { Call } from './calls.ts';
import type { Draft } from './draft.ts';

/** The REGEXP functions, in POSIX's dialect; `flags` and `replacement`: the places of these arguments. */
export const regexp =
  (name: string, flags: number, replacement?: number) =>
  (draft: Draft, call: Call): void => {
    draft.replace(call.at, `redshift.${name}`);
    const literal = (at: number) => {
      const span = call.args[at];
      return span && span.until - span.from === 1 ? draft.tokens[span.from] : undefined;
    };
    const asked = literal(flags);
    if ((asked?.kind === 'string' && asked.text.includes('p')) || isPerl(literal(1))) refusePerl(draft, call.at);
    const into = replacement === undefined ? undefined : literal(replacement);
    if (into?.kind === 'string' && /[\\$]/.test(into.text))
      draft.refuse(call.args[replacement ?? 0]?.from ?? call.at, 'a replacement with references has no local form');
  };

/** The patterns of the operators ~ and !~. */
export function checkPatterns(draft: Draft): void {
  for (const [at, { kind, text }] of draft.tokens.entries()) {
    if (kind === 'operator' && /^!?~$/.test(text) && isPerl(draft.tokens[at + 1])) refusePerl(draft, at + 1);
  }
}

/**
 * Whether a literal pattern says what only one of the two servers means so: groups of Perl, lazy quantifiers, and escapes
 * other than the classes \d, \w and \s and signs that stand for themselves ("POSIX operators").
 */
function isPerl(token: Token | undefined): boolean {
  if (token?.kind !== 'string') return false;
  const pattern = token.text.replaceAll(/\\(.)/gs, '$1');
  return /\(\?|(?<!\\)[*+?}]\?|\\[^\W_dDwWsS]/.test(pattern);
}

function refusePerl(draft: Draft, at: number): void {
  const hint = 'Write it in POSIX terms, without look-ahead, lazy quantifiers and other escapes than \\d, \\w, \\s.';
  draft.refuse(at, 'a regular expression of Perl has no local form', hint);
}
