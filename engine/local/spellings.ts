import { endOfChain } from '../sql/table-ref.ts';
import { isName, nameOf } from '../sql/words.ts';
import type { Draft } from './draft.ts';

/** Whether a table stands alone in parentheses here: FROM (t). */
function isWrappedTable(draft: Draft, at: number): boolean {
  if (!draft.is(at, '(') || !/^(from|join)$/.test(draft.word(at - 1))) return false;
  return endOfChain(draft.tokens, at + 1) + 1 === draft.partner(at) && isName(draft.tokens[at + 1]);
}

/** Names and strings as PostgreSQL spells them, and words that call a function without parentheses. */
export function rewriteSpellings(draft: Draft): void {
  for (const [at, token] of draft.tokens.entries()) {
    if (draft.isReplaced(at)) continue;
    if (token.kind === 'quoted' || token.text.startsWith('#')) {
      // Redshift folds quoted names, too.
      if (/^["#]/.test(token.text)) draft.replace(at, `"${nameOf(token, 'redshift').replaceAll('"', '""')}"`);
    } else if (token.kind === 'string' && token.text.startsWith("'") && token.text.includes('\\')) {
      if (/\\(0{1,3}(?![0-7])|x00?(?![\da-fA-F]))/.test(token.text))
        draft.refuse(at, 'a text with a NUL has no local form');
      draft.replace(at, `E${token.text}`);
    } else if (isWrappedTable(draft, at)) {
      draft.hide({ from: at, until: at + 1 });
      draft.hide({ from: draft.partner(at), until: draft.partner(at) + 1 });
    } else if (draft.word(at) === 'sysdate' && !draft.is(at - 1, '.') && draft.word(at - 1) !== 'as') {
      draft.replace(at, 'redshift.sysdate()');
    } else if (draft.word(at) === 'approximate' && /^(count|percentile_disc)$/.test(draft.word(at + 1))) {
      // Counted exactly, which is nearer than any approximation.
      draft.hide({ from: at, until: at + 1 });
    }
  }
}
