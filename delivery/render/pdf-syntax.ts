/** What a PDF is written in (ISO 32000-1, 7.2 and 7.3), and no more of it than files of ours use. */
export type PdfValue =
  | number
  | string
  | boolean
  | null
  | Name
  | Reference
  | readonly PdfValue[]
  | Dictionary
  | Operator;
/** Strings are plain JavaScript strings, one character a byte. */
export interface Name {
  readonly kind: 'name';
  readonly name: string;
}
export interface Reference {
  readonly kind: 'reference';
  readonly number: number;
}
export interface Dictionary {
  readonly kind: 'dictionary';
  readonly entries: ReadonlyMap<string, PdfValue>;
}
/** A word that is no value: an operator of a page, `obj`, `stream`. */
export interface Operator {
  readonly kind: 'operator';
  readonly operator: string;
}

/** Reads values and operators one after another; undefined at the end. Throws `Error` at what no PDF may hold. */
export interface PdfReader {
  next(): PdfValue | undefined;
  /** How far it has read, in bytes. */
  at(): number;
}

/** `text`: one character a byte. */
export function openPdfReader(text: string, from = 0): PdfReader {
  let at = from;

  function next(): PdfValue | undefined {
    skipSpace();
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) return undefined;
    switch (code) {
      case 0x2f: // /
        at++;
        return { kind: 'name', name: regular() };
      case 0x28: // (
        return literal();
      case 0x5b: // [
        at++;
        return list(']');
      case 0x3c: // <
        if (text.charCodeAt(at + 1) !== 0x3c) return hex();
        at += 2;
        return dictionary(list('>>'));
    }
    if (code === 0x5d || code === 0x3e) throw new Error(`"${text[at]}" at byte ${at} closes nothing`);
    const word = regular();
    if (word === '') throw new Error(`"${text[at]}" is not expected at byte ${at}`);
    if ((code < 0x3a && code > 0x2f) || code === 0x2d || code === 0x2e || code === 0x2b) return Number(word);
    if (word === 'true' || word === 'false') return word === 'true';
    return word === 'null' ? null : operatorOf(word);
  }

  function skipSpace(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 0x25) while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
      else if (isSpace(code)) at++;
      else return;
    }
  }

  function regular(): string {
    const start = at;
    while (at < text.length && isRegular(text.charCodeAt(at))) at++;
    return text.slice(start, at);
  }

  /** Up to a closing sign; `12 0 R` becomes one reference. */
  function list(close: ']' | '>>'): PdfValue[] {
    const values: PdfValue[] = [];
    for (;;) {
      skipSpace();
      if (text.startsWith(close, at)) {
        at += close.length;
        return values;
      }
      const value = next();
      if (value === undefined) throw new Error(`a ${close} is missing`);
      if (isOperator(value) && value.operator === 'R') {
        values.pop();
        values.push({ kind: 'reference', number: Number(values.pop()) });
      } else values.push(value);
    }
  }

  function literal(): string {
    const parts: string[] = [];
    let depth = 0;
    do {
      const sign = text[at++];
      if (sign === undefined) throw new Error('a string does not end');
      if (sign === '\\') parts.push(escaped());
      else {
        depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
        parts.push(sign);
      }
    } while (depth > 0);
    return parts.slice(1, -1).join('');
  }

  function escaped(): string {
    const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0];
    at += octal?.length ?? 1;
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    const sign = text[at - 1] ?? '';
    return sign === '\n' ? '' : (escapes[sign] ?? sign);
  }

  function hex(): string {
    const end = text.indexOf('>', at);
    if (end < 0) throw new Error('a string does not end');
    const digits = text.slice(at + 1, end);
    at = end + 1;
    return Buffer.from(digits.replace(/\s/g, ''), 'hex').toString('latin1');
  }

  return { next, at: () => at };
}

// A page has thousands of operators and few kinds of them: each is made once.
const operators = new Map<string, Operator>();

function operatorOf(word: string): Operator {
  const known = operators.get(word);
  if (known) return known;
  const operator = { kind: 'operator', operator: word } as const;
  if (operators.size < 500) operators.set(word, operator);
  return operator;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const isSpace = (code: number) => code === 32 || (code < 14 && (code > 8 || code === 0));

/** No white space and none of ( ) < > [ ] { } / % */
function isRegular(code: number): boolean {
  if (code <= 32) return false;
  return !(
    (code > 64 ? code === 91 || code === 93 || code === 123 || code === 125 : code === 60 || code === 62) ||
    code === 40 ||
    code === 41 ||
    code === 47 ||
    code === 37
  );
}

export const isOperator = (value: PdfValue | undefined): value is Operator => kindOf(value) === 'operator';
const isName = (value: PdfValue | undefined): value is Name => kindOf(value) === 'name';
export const isReference = (value: PdfValue | undefined): value is Reference => kindOf(value) === 'reference';
export const isDictionary = (value: PdfValue | undefined): value is Dictionary => kindOf(value) === 'dictionary';

function kindOf(value: PdfValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}

function dictionary(values: readonly PdfValue[]): Dictionary {
  const entries = new Map<string, PdfValue>();
  for (let at = 0; at < values.length; at += 2) {
    const [name, value] = values.slice(at, at + 2);
    if (!isName(name) || value === undefined) throw new Error('a dictionary has no name before a value');
    entries.set(name.name, value);
  }
  return { kind: 'dictionary', entries };
}
