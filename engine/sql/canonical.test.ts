import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, canonicalHash } from './canonical.ts';
import { significant, tokenize } from './tokens.ts';

const hash = (text: string) => canonicalHash(text, 'postgres');

test.each([
  ['SELECT  a,b\nFROM t -- all\n;', 'select a , b from t'],
  ['/* head */ select 1E5 ;;', 'select 1e5'],
  [`select E'It''s', "Name", X'Ff'`, `select e'It''s' , "Name" , x'Ff'`],
  [`select 'a'\n  -- more\n 'b', 'c'`, `select 'a'\n'b' , 'c'`],
])('%s', (text, expected) => {
  expect(canonical(text, 'postgres')).toBe(expected);
});

test.each([
  ['select a from t', 'SELECT a\n/* x */FROM T;'],
  ['select a.b from a', 'select a . b from a'],
  ['select count(*)', 'select count ( * )'],
])('layout, comments and case of words mean nothing: %s', (one, other) => {
  expect(hash(one)).toBe(hash(other));
});

test.each([
  ['select a', 'select b'],
  [`select 'a'`, `select 'A'`],
  ['select "a"', 'select "A"'],
  ['select a "from" t', 'select a from t'],
  ['select a - -1', 'select a + -1'],
  ['select a <= b', 'select a < = b'],
  [`select e 'x'`, `select e'x'`],
  ['select 1; select 2', 'select 1 select 2'],
])('what may mean something else hashes differently: %s / %s', (one, other) => {
  expect(hash(one)).not.toBe(hash(other));
});

test('the hash is kept in records: it must be the same in every release', () => {
  expect(hash('select store_id, sum(amount) from staging.sales group by 1')).toMatchInlineSnapshot(
    `"cab3e1c040abb3e2729e69dd7394ec451242e85fbdd0daa8fcdd9c17cb3b5100"`,
  );
});

test('the canonical text says what the text says, and is its own canonical text', () => {
  const piece = fc.constantFrom(
    `'a'`,
    `E'\\''`,
    '"B"',
    'B',
    '1',
    '+',
    '-',
    '--x\n',
    '/*y*/',
    '\n',
    ' ',
    '.',
    '(',
    ')',
    '::',
    `'\\'`,
    '$1',
    'E',
    '#',
    ';',
  );
  const said = (text: string) => {
    const texts = significant(tokenize(text, 'postgres')).map((token) => token.text.toLowerCase());
    return texts.slice(0, texts.findLastIndex((one) => one !== ';') + 1);
  };
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      const made = canonical(text, 'postgres');
      expect(canonical(made, 'postgres')).toBe(made);
      expect(said(made)).toEqual(said(text));
    }),
    { numRuns: 300 },
  );
});
