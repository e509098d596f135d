import { endOf, endOfComment, endOfEscaped, endOfOperator, endOfPlain, patterns } from './lexical.ts';

/**
 * Whose reading of a text counts. Redshift takes `\'` inside plain strings, knows `#temp` names, and folds quoted names
 * to lower case as well.
 */
export type SqlDialect = 'postgres' | 'redshift';

/**
 * `word` is an unquoted name or keyword, `quoted` a quoted name, `symbol` one of `( ) [ ] , ; . : { }` or a stray
 * character, `unclosed` a string, quoted name or comment without its end: it reaches to the end of the text.
 */
export type TokenKind =
  | 'space'
  | 'comment'
  | 'word'
  | 'quoted'
  | 'string'
  | 'number'
  | 'parameter'
  | 'operator'
  | 'symbol'
  | 'unclosed';

/** A piece of a text from `start` up to `end`, both counted in UTF-16 units from 0. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts any text into tokens by PostgreSQL's lexical rules, in time linear in its length. Never throws; the texts of the
 * tokens put together are the text again.
 */
export function tokenize(text: string, dialect: SqlDialect): Token[] {
  const lexer: Lexer = { text, dialect, tokens: [], escapes: false };
  for (let at = 0; at < text.length; ) {
    const token = (readers[text.charCodeAt(at)] ?? readWord)(lexer, at);
    lexer.tokens.push(token);
    at = token.end;
  }
  return lexer.tokens;
}

/** The tokens that say something: all but white space and comments. */
export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== 'space' && token.kind !== 'comment');
}

interface Lexer {
  readonly text: string;
  readonly dialect: SqlDialect;
  readonly tokens: Token[];
  /** Whether the last string took backslashes: one that goes on after a line break takes them too. */
  escapes: boolean;
}

type Reader = (lexer: Lexer, at: number) => Token;

function cut(lexer: Lexer, kind: TokenKind, start: number, end: number): Token {
  return { kind, text: lexer.text.slice(start, end), start, end };
}

/** A token with an end mark; `end` is -1 where the mark is missing. */
function cutClosed(lexer: Lexer, kind: TokenKind, start: number, end: number): Token {
  return end < 0 ? cut(lexer, 'unclosed', start, lexer.text.length) : cut(lexer, kind, start, end);
}

function cutString(lexer: Lexer, start: number, quote: number, escapes: boolean): Token {
  lexer.escapes = escapes;
  return cutClosed(lexer, 'string', start, (escapes ? endOfEscaped : endOfPlain)(lexer.text, quote));
}

const readBy =
  (kind: TokenKind, pattern: RegExp): Reader =>
  (lexer, at) =>
    cut(lexer, kind, at, endOf(pattern, lexer.text, at));

const readSpace = readBy('space', patterns.space);
const readWord = readBy('word', patterns.word);
const readNumber = readBy('number', patterns.number);
const readSymbol: Reader = (lexer, at) => cut(lexer, 'symbol', at, at + 1);
const readOperator: Reader = (lexer, at) => cut(lexer, 'operator', at, endOfOperator(lexer.text, at));
const readQuoted: Reader = (lexer, at) => cutClosed(lexer, 'quoted', at, endOfPlain(lexer.text, at));

const readString: Reader = (lexer, at) =>
  cutString(lexer, at, at, lexer.dialect === 'redshift' || (lexer.escapes && goesOn(lexer.tokens)));

/** E'..' takes backslashes; B'..', X'..', N'..', U&'..' and the name U&".." are plain ones with a letter before them. */
const readPrefixed: Reader = (lexer, at) => {
  const quote = endOf(patterns.prefix, lexer.text, at);
  if (quote === at) return readWord(lexer, at);
  if (lexer.text[quote] === '"') return cutClosed(lexer, 'quoted', at, endOfPlain(lexer.text, quote));
  return cutString(lexer, at, quote, lexer.dialect === 'redshift' || /e/i.test(lexer.text.charAt(at)));
};

const readDollar: Reader = (lexer, at) => {
  const opened = endOf(patterns.dollarTag, lexer.text, at);
  if (opened > at) {
    const tag = lexer.text.slice(at, opened);
    const close = lexer.text.indexOf(tag, opened);
    return cutClosed(lexer, 'string', at, close < 0 ? -1 : close + tag.length);
  }
  const end = endOf(patterns.parameter, lexer.text, at);
  return end > at ? cut(lexer, 'parameter', at, end) : readSymbol(lexer, at);
};

const readDash: Reader = (lexer, at) =>
  lexer.text[at + 1] === '-'
    ? cut(lexer, 'comment', at, endOf(patterns.lineComment, lexer.text, at))
    : readOperator(lexer, at);

const readSlash: Reader = (lexer, at) =>
  lexer.text[at + 1] === '*' ? cutClosed(lexer, 'comment', at, endOfComment(lexer.text, at)) : readOperator(lexer, at);

/** Redshift's `#temp` is a name; `a#b` is an exclusive or. */
const readHash: Reader = (lexer, at) => {
  const name = lexer.dialect === 'redshift' ? endOf(patterns.hashName, lexer.text, at) : at;
  const infix = /[\w$")\]\x80-\uffff]/.test(lexer.text.charAt(at - 1));
  return name > at && !infix ? cut(lexer, 'word', at, name) : readOperator(lexer, at);
};

const readDot: Reader = (lexer, at) => (/\d/.test(lexer.text.charAt(at + 1)) ? readNumber : readSymbol)(lexer, at);

const readColon: Reader = (lexer, at) =>
  /[:=]/.test(lexer.text.charAt(at + 1)) ? cut(lexer, 'operator', at, at + 2) : readSymbol(lexer, at);

/** Whether what stands before is a string, then a line break with nothing but white space and line comments around it. */
function goesOn(before: readonly Token[]): boolean {
  let broken = false;
  for (let back = before.length - 1; back >= 0; back--) {
    const { kind, text } = before[back] as Token;
    if (kind === 'string') return broken;
    if (kind !== 'space' && !text.startsWith('--')) return false;
    broken ||= /[\n\r]/.test(text);
  }
  return false;
}

const special: ReadonlyMap<string, Reader> = new Map([
  ["'", readString],
  ['"', readQuoted],
  ['$', readDollar],
  ['-', readDash],
  ['/', readSlash],
  ['#', readHash],
  ['.', readDot],
  [':', readColon],
]);

const readerOf = (first: string): Reader => {
  if (/[ \t\n\r\f\v]/.test(first)) return readSpace;
  if (/[ebxnu]/i.test(first)) return readPrefixed;
  if (/[a-z_]/i.test(first)) return readWord;
  if (/\d/.test(first)) return readNumber;
  if (/[~!@^&|`?+*%<>=]/.test(first)) return readOperator;
  return special.get(first) ?? readSymbol;
};

/** The reader of each ASCII character that may begin a token; all others begin a word. */
const readers: readonly Reader[] = Array.from({ length: 128 }, (_, code) => readerOf(String.fromCharCode(code)));
