import { type Draft, openDraft, type Span } from '../local/draft.ts';
import { isSetOperator, isTop } from '../local/queries.ts';

/** Redshift's text as PostgreSQL's parser takes it. */
export interface Shimmed {
  /** As long as the author's: every place is his. */
  readonly text: string;
  /** Whether something was blanked that changes which columns there are, so that columns are not to be trusted. */
  readonly partial: boolean;
  /** The author's names of temporary tables, by what stands for them. */
  readonly names: ReadonlyMap<string, string>;
}

interface State {
  partial: boolean;
  readonly names: Map<string, string>;
}

/**
 * Blanks or respells, letter for letter, what PostgreSQL's parser does not know of Redshift. Only to be read, never to be
 * run: MINUS becomes UNION, and a PIVOT is gone.
 */
export function shim(text: string): Shimmed {
  const draft = openDraft(text);
  const state: State = { partial: false, names: new Map() };
  for (let at = 0; at < draft.tokens.length; at++) {
    for (const rule of rules) rule(draft, at, state);
  }
  return { text: draft.finish(), ...state };
}

type Rule = (draft: Draft, at: number, state: State) => void;

const write = (draft: Draft, at: number, text: string) => {
  const length = draft.tokens[at]?.text.length ?? 0;
  draft.replace(at, text.padEnd(length).slice(0, length));
};

/** Blanks a span; line breaks inside a string or comment of it become spaces too, so that its length is kept. */
const blank = (draft: Draft, { from, until }: Span) => {
  for (let at = from; at < until; at++) write(draft, at, '');
};

const blankWith = (draft: Draft, at: number, next: number) => {
  const close = draft.is(next, '(') ? draft.partner(next) : -1;
  blank(draft, { from: at, until: Math.max(next, close + 1) });
};

/** TOP n, APPROXIMATE, IGNORE NULLS, DISTINCT of a LISTAGG, MINUS. */
const ofQueries: Rule = (draft, at) => {
  const word = draft.word(at);
  if (isTop(draft, at) && /^(select|distinct|all)$/.test(draft.word(at - 1))) blank(draft, { from: at, until: at + 2 });
  else if (word === 'approximate' && draft.word(at + 1) !== '') write(draft, at, '');
  else if (/^(ignore|respect)$/.test(word) && draft.word(at + 1) === 'nulls') blank(draft, { from: at, until: at + 2 });
  else if (word === 'listagg' && draft.is(at + 1, '(') && draft.word(at + 2) === 'distinct') write(draft, at + 2, '');
  else if (word === 'minus' && isSetOperator(draft, at)) write(draft, at, 'union');
  else if (word === 'all' && draft.word(at - 1) === 'by' && draft.word(at - 2) === 'group') write(draft, at, '1');
};

/** QUALIFY is one more condition: HAVING, or where there is a HAVING at the same depth, AND. */
const ofQualify: Rule = (draft, at) => {
  if (draft.word(at) !== 'qualify' || draft.is(at - 1, '.') || draft.word(at - 1) === 'as' || draft.is(at + 1, ','))
    return;
  let having = false;
  for (let back = at - 1; back >= 0; back--) {
    if (draft.is(back, ')') && draft.partner(back) >= 0) back = draft.partner(back);
    else if (draft.is(back, '(') || draft.word(back) === 'select') break;
    else if (draft.word(back) === 'having') having = true;
  }
  write(draft, at, having ? 'and' : 'having');
};

/** PIVOT and UNPIVOT give other columns than their table has; UNPIVOT over SUPER and AT give columns of their own. */
const ofPivots: Rule = (draft, at, state) => {
  const word = draft.word(at);
  if (/^(un)?pivot$/.test(word) && (draft.is(at + 1, '(') || /^(include|exclude)$/.test(draft.word(at + 1)))) {
    const open = draft.is(at + 1, '(') ? at + 1 : at + 3;
    if (draft.partner(open) > open) {
      blankWith(draft, at, open);
      state.partial = true;
    }
  } else if (word === 'unpivot' && draft.word(at + 1) !== '') {
    write(draft, at, '');
    state.partial = true;
  } else if (word === 'at' && draft.word(at + 1) !== '' && draft.word(at + 1) !== 'time' && draft.word(at - 1) !== '') {
    blank(draft, { from: at, until: at + 2 });
    state.partial = true;
  } else if (word === 'exclude' && draft.tokens[at - 1]?.text === '*') {
    blankWith(draft, at, draft.is(at + 1, '(') ? at + 1 : at + 2);
    state.partial = true;
  }
};

/** What follows CREATE TABLE or VIEW about how it lies. */
const ofLayout: Rule = (draft, at) => {
  if (draft.word(0) !== 'create') return;
  const word = draft.word(at);
  const next = draft.word(at + 1);
  if (/^(diststyle|encode|backup)$/.test(word) && next !== '') blank(draft, { from: at, until: at + 2 });
  else if (/^(distkey|sortkey)$/.test(word)) blankWith(draft, at, at + 1);
  else if (/^(compound|interleaved)$/.test(word) && next === 'sortkey') write(draft, at, '');
  else if (word === 'auto' && next === 'refresh') blank(draft, { from: at, until: at + 3 });
  else if (word === 'with' && next === 'no' && draft.word(at + 2) === 'schema')
    blank(draft, { from: at, until: at + 4 });
  else if (word === 'external' && next === 'table') write(draft, at, '');
};

/** `'it\'s'`, `(max)`, `#temp`, `(+)`, `CONVERT(type, x)`, `ARRAY(`. */
const ofSpellings: Rule = (draft, at, state) => {
  const token = draft.tokens[at];
  if (token === undefined) return;
  const word = draft.word(at);
  if (token.kind === 'string' && token.text.includes("\\'")) write(draft, at, token.text.replaceAll("\\'", "''"));
  else if (word === 'max' && draft.is(at - 1, '(') && draft.is(at + 1, ')') && /char/.test(draft.word(at - 2))) {
    write(draft, at, '999');
  } else if (word.startsWith('#')) {
    write(draft, at, `_${token.text.slice(1)}`);
    state.names.set(`_${word.slice(1)}`, word);
  } else if (token.text === '+' && draft.is(at - 1, '(') && draft.is(at + 1, ')'))
    blank(draft, { from: at - 1, until: at + 2 });
  else if (word === 'convert' && draft.is(at + 1, '(')) blankType(draft, at + 2);
  else if (word === 'array' && draft.is(at + 1, '(') && draft.word(at + 2) !== 'select') write(draft, at, 'arra_');
};

/** The type of a CONVERT and the comma behind it. */
function blankType(draft: Draft, from: number): void {
  if (draft.word(from) === '') return;
  const open = draft.is(from + 1, '(') ? draft.partner(from + 1) : from;
  const comma = open + 1;
  if (draft.is(comma, ',')) blank(draft, { from, until: comma + 1 });
}

const rules: readonly Rule[] = [ofQueries, ofQualify, ofPivots, ofLayout, ofSpellings];
