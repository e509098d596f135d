import { expect, test } from 'vitest';
import { conjuncts, outline } from './outline.ts';

function parts(condition: string): string[] {
  const out = outline(condition, 'postgres');
  const text = ({ from, until }: { from: number; until: number }) =>
    out.tokens
      .slice(from, until)
      .map((token) => token.text)
      .join(' ');
  return conjuncts(out, { from: 0, until: out.tokens.length }).map(text).sort();
}

test.each([
  ['a', ['a']],
  ['a and b and c', ['a', 'b', 'c']],
  ['((a and (b)) and c = (d or e))', ['a', 'b', 'c = ( d or e )']],
  ['a between 1 and 2 and b', ['a between 1 and 2', 'b']],
  ['case when a and b then c or d end and e', ['case when a and b then c or d end', 'e']],
  ['not (a and b)', ['not ( a and b )']],
  ['(a) = (b)', ['( a ) = ( b )']],
  ['a and (b or c) and (d and e)', ['a', 'd', 'e']],
  ['a and b or c', []],
  ['', []],
  ['x in (select y from z where a or b) and c', ['c', 'x in ( select y from z where a or b )']],
])('%s', (condition, expected) => {
  expect(parts(condition)).toEqual(expected);
});

test('three thousand conditions, side by side or one within the other', () => {
  const many = 3_000;
  expect(parts(Array.from({ length: many }, (_, at) => `a > ${at}`).join(' and ')).length).toBe(many);
  expect(parts(`${'('.repeat(many)}a${')'.repeat(many)}`)).toEqual(['a']);
});
