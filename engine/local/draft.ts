import { significant, type Token, tokenize } from '../sql/tokens.ts';
import { foldWord, isSymbol } from '../sql/words.ts';

/** Something that Redshift says and PostgreSQL cannot: a Problem but for the place, an offset of the text. */
export interface NoLocalForm {
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
}

/** The tokens from index `from` up to `until`. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Text to put in, known at once or only when everything has been decided. */
export type Piece = string | (() => string);

/**
 * An author's text on its way to become another: tokens, and what is put before, after and in the place of them. What is
 * not touched stays as it was written, comments included, and every token that stays keeps its line.
 */
export interface Draft {
  readonly text: string;
  /** The significant tokens; all positions of a draft are indexes of this list. */
  readonly tokens: readonly Token[];
  readonly problems: readonly NoLocalForm[];
  /** The other end of a parenthesis or bracket; -1 for any other token. */
  partner(at: number): number;
  /** The folded text of an unquoted word; empty for all else. */
  word(at: number): string;
  is(at: number, symbol: string): boolean;
  /** What is put before a token later stands nearer to it. */
  before(at: number, piece: Piece): void;
  /** What is put after a token later stands nearer to it. */
  after(at: number, piece: Piece): void;
  replace(at: number, piece: Piece): void;
  isReplaced(at: number): boolean;
  /** Leaves tokens out where they stand; a copy of exactly these still has them. */
  hide(span: Span): void;
  /** What a span has become, on one line: to be asked when everything has been decided, from a lazy `Piece`. */
  copy(span: Span): string;
  refuse(at: number, message: string, hint?: string): void;
  /** The whole text as it has become. */
  finish(): string;
}

export function openDraft(text: string): Draft {
  const tokens = significant(tokenize(text, 'redshift'));
  const partners = partnersOf(tokens);
  const before: Piece[][] = [];
  const after: Piece[][] = [];
  const replaced: Piece[] = [];
  const hidden: Span[][] = [];
  const problems: NoLocalForm[] = [];

  const body = (at: number): string => {
    const piece = replaced[at];
    return piece === undefined ? (tokens[at]?.text ?? '') : said(piece);
  };
  const whole = (at: number): string =>
    (before[at] ?? []).map(said).join('') + body(at) + (after[at] ?? []).map(said).join('');

  return {
    text,
    tokens,
    problems,
    partner: (at) => partners[at] ?? -1,
    word: (at) => (tokens[at]?.kind === 'word' ? foldWord(tokens[at].text) : ''),
    is: (at, symbol) => isSymbol(tokens[at], symbol),
    before(at, piece) {
      before[at] = [...(before[at] ?? []), piece];
    },
    after(at, piece) {
      after[at] = [piece, ...(after[at] ?? [])];
    },
    replace(at, piece) {
      replaced[at] = piece;
    },
    isReplaced: (at) => replaced[at] !== undefined,
    hide(span) {
      for (let at = span.from; at < span.until; at++) hidden[at] = [...(hidden[at] ?? []), span];
    },
    copy({ from, until }) {
      const inside = (span: Span) => span.from >= from && span.until <= until && span.until - span.from < until - from;
      let result = '';
      for (let at = from; at < until; at++) {
        if (hidden[at]?.some(inside)) continue;
        const gap = tokens[at - 1]?.end === tokens[at]?.start ? '' : ' ';
        result += (result === '' ? '' : gap) + oneLine(whole(at));
      }
      return result;
    },
    refuse(at, message, hint) {
      const offset = tokens[Math.min(at, tokens.length - 1)]?.start ?? 0;
      problems.push({ message, offset, ...(hint === undefined ? {} : { hint }) });
    },
    finish() {
      let result = '';
      let end = 0;
      for (const [at, token] of tokens.entries()) {
        result += text.slice(end, token.start);
        result += hidden[at] ? lineBreaks(token.text) : whole(at);
        end = token.end;
      }
      return result + text.slice(end);
    },
  };
}

const said = (piece: Piece): string => (typeof piece === 'string' ? piece : piece());

const lineBreaks = (text: string): string => text.replace(/[^\n]+/g, '');

/** A string with line breaks in it becomes one that says them; what stands elsewhere has none. */
function oneLine(text: string): string {
  if (!text.includes('\n')) return text;
  const plain = text.startsWith("'") ? `E${text}` : text;
  return plain.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

function partnersOf(tokens: readonly Token[]): number[] {
  const partners = tokens.map(() => -1);
  const open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (isSymbol(token, '(') || isSymbol(token, '[')) open.push(at);
    else if (isSymbol(token, ')') || isSymbol(token, ']')) {
      const first = open.pop();
      if (first === undefined) continue;
      partners[first] = at;
      partners[at] = first;
    }
  }
  return partners;
}

/** The tokens of a span outside all parentheses in it; an opening parenthesis stands for its whole group. */
export function* topLevel(draft: Draft, { from, until }: Span): Generator<number> {
  for (let at = from; at < until; at++) {
    yield at;
    const partner = draft.partner(at);
    if (partner > at) at = partner;
  }
}

/** The first token of a span, outside parentheses, that passes a test; undefined when there is none. */
export function findTop(draft: Draft, span: Span, test: (at: number) => boolean): number | undefined {
  for (const at of topLevel(draft, span)) if (test(at)) return at;
  return undefined;
}

/** The parts of a span between its commas outside parentheses; none for an empty span. */
export function splitAtCommas(draft: Draft, span: Span): Span[] {
  if (span.from >= span.until) return [];
  const parts: Span[] = [];
  let from = span.from;
  for (const at of topLevel(draft, span)) {
    if (!draft.is(at, ',')) continue;
    parts.push({ from, until: at });
    from = at + 1;
  }
  return [...parts, { from, until: span.until }];
}
