import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SqlDialect, tokenize } from './tokens.ts';

const kinds = (text: string, dialect: SqlDialect = 'postgres') =>
  tokenize(text, dialect)
    .filter((token) => token.kind !== 'space')
    .map((token) => `${token.kind} ${token.text}`);

test.each([
  [`'it''s' "a""b"`, [`string 'it''s'`, `quoted "a""b"`]],
  [`E'it\\'s' e'\\\\'`, [`string E'it\\'s'`, `string e'\\\\'`]],
  [
    `b'01' X'ff' n'x' U&'\\0061' U&"x"`,
    [`string b'01'`, `string X'ff'`, `string n'x'`, `string U&'\\0061'`, `quoted U&"x"`],
  ],
  [`e 'x' u & "x"`, ['word e', `string 'x'`, 'word u', 'operator &', `quoted "x"`]],
  [`$$ it's $$ $a$ $$ ; $a$`, [`string $$ it's $$`, 'string $a$ $$ ; $a$']],
  [`$1 a$1$ b`, ['parameter $1', 'word a$1$', 'word b']],
  [`a /* x /* y */ 'z */ b`, ['word a', `comment /* x /* y */ 'z */`, 'word b']],
  [`a -- it's\nb`, ['word a', `comment -- it's`, 'word b']],
  [
    `1 1.5 .5 1e-5 1_000 0xFF 1. 1..2`,
    [
      'number 1',
      'number 1.5',
      'number .5',
      'number 1e-5',
      'number 1_000',
      'number 0xFF',
      'number 1.',
      'number 1',
      'symbol .',
      'number .2',
    ],
  ],
  [
    `a=-1 b@-1 c<>-d e->>'f' g::int h:=1`,
    [
      'word a',
      'operator =',
      'operator -',
      'number 1',
      'word b',
      'operator @-',
      'number 1',
      'word c',
      'operator <>',
      'operator -',
      'word d',
      'word e',
      'operator ->>',
      `string 'f'`,
      'word g',
      'operator ::',
      'word int',
      'word h',
      'operator :=',
      'number 1',
    ],
  ],
  [`1+--x\n2*/*y*/3`, ['number 1', 'operator +', 'comment --x', 'number 2', 'operator *', 'comment /*y*/', 'number 3']],
  [`größe "Ж" 売上`, ['word größe', 'quoted "Ж"', 'word 売上']],
  [
    `a[1:2].b; {{x}}`,
    [
      'word a',
      'symbol [',
      'number 1',
      'symbol :',
      'number 2',
      'symbol ]',
      'symbol .',
      'word b',
      'symbol ;',
      'symbol {',
      'symbol {',
      'word x',
      'symbol }',
      'symbol }',
    ],
  ],
])('%s', (text, expected) => {
  expect(kinds(text)).toEqual(expected);
});

test.each([`'abc`, `"abc`, '/* /* */', '$a$ $b$', `E'\\'`])('%s has no end', (text) => {
  expect(kinds(`x ${text}`)).toEqual(['word x', `unclosed ${text}`]);
});

test('a backslash takes the quote with it on Redshift, and on PostgreSQL only in an E string', () => {
  expect(kinds(`'it\\'s'`, 'redshift')).toEqual([`string 'it\\'s'`]);
  expect(kinds(`'C:\\' || x`, 'postgres')).toEqual([`string 'C:\\'`, 'operator ||', 'word x']);
});

test('a string that goes on after a line break is read like its beginning', () => {
  expect(kinds(`E'a' -- and\n '\\' ; '`)).toEqual([`string E'a'`, 'comment -- and', `string '\\' ; '`]);
  expect(kinds(`E'a' '\\' ; `)).toEqual([`string E'a'`, `string '\\'`, 'symbol ;']);
});

test('# begins a name on Redshift, unless something stands before it', () => {
  expect(kinds('#tmp a#b', 'redshift')).toEqual(['word #tmp', 'word a', 'operator #', 'word b']);
  expect(kinds('#tmp', 'postgres')).toEqual(['operator #', 'word tmp']);
});

test('whatever the text, the tokens are the text, and lie end to end', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom(
      `'`,
      '"',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      '\\',
      `E'`,
      'U&"',
      '#',
      '1',
      '.',
      '..',
      '+-',
      '::',
      ' ',
    ),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom<SqlDialect>('postgres', 'redshift'),
      (pieces, dialect) => {
        const text = pieces.join('');
        let end = 0;
        for (const token of tokenize(text, dialect)) {
          // Compared by hand: the matcher would take most of the time.
          if (token.start !== end || token.end <= end || token.text !== text.slice(end, token.end)) return false;
          end = token.end;
        }
        return end === text.length;
      },
    ),
    { numRuns: 60 },
  );
});

// Quadratic time would take minutes here, and the test's time would be up.
test.each([`'`, '+-', '/*', '$', '$a', '1_', '1e', '#', '(', 'a.', `E'a'\n'b'\n`])(
  '%j many times over is read to its end',
  (piece) => {
    const text = piece.repeat(20_000);
    expect(tokenize(text, 'postgres').at(-1)?.end).toBe(text.length);
  },
);
