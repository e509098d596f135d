import { readReferences } from '../sql/references.ts';
import type { Draft } from './draft.ts';
import type { Query } from './queries.ts';

/** What has no local form, wherever it stands. */
export function refuseForeign(draft: Draft, queries: readonly Query[]): void {
  for (const at of draft.tokens.keys()) {
    const word = draft.word(at);
    const next = draft.word(at + 1);
    if (draft.is(at, '[')) draft.refuse(at, noSuper, superHint);
    else if (draft.is(at, '(') && draft.tokens[at + 1]?.text === '+' && draft.is(at + 2, ')'))
      draft.refuse(at, 'the (+) of an outer join has no local form', 'Write LEFT JOIN .. ON.');
    else if (word === 'connect' && next === 'by')
      draft.refuse(at, 'CONNECT BY has no local form', 'Write WITH RECURSIVE.');
    else if (word === 'exclude' && next !== 'nulls' && !/^(\.|as)$/i.test(draft.tokens[at - 1]?.text ?? ''))
      draft.refuse(at, '* EXCLUDE has no local form', 'Name the columns.');
    else if (word === 'unpivot' && next !== '' && !/^(include|exclude)$/.test(next))
      draft.refuse(at, noSuper, superHint);
  }
  for (const { arms } of queries) {
    for (const { clauses } of arms) {
      const group = clauses.get('group');
      if (group !== undefined && draft.word(group + 2) === 'all' && !draft.is(group + 3, '('))
        draft.refuse(group, 'GROUP BY ALL has no local form', 'Name the columns.');
    }
  }
  for (const { reads, navigations } of readReferences(draft.text, 'redshift')) {
    for (const { start } of navigations) draft.refuse(tokenAt(draft, start), noSuper, superHint);
    for (const { name, start, schema } of reads) {
      if (schema !== undefined || !name.startsWith('#')) continue;
      const hint = 'A model is one SELECT: make the temporary table a WITH, or a model of its own.';
      draft.refuse(tokenAt(draft, start), `nothing in this query gives ${name}`, hint);
    }
  }
}

const noSuper = 'a path into a SUPER value has no local form';
const superHint = 'Keep JSON as text and use JSON_EXTRACT_PATH_TEXT.';

const tokenAt = (draft: Draft, start: number): number => draft.tokens.findIndex((token) => token.start === start);
