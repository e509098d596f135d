import { expect, test } from 'vitest';
import { readMarkdown } from './markdown.ts';

test('paragraphs, headings, items, strong words and meant breaks', () => {
  expect(readMarkdown('# Terms\n\nFirst line\nsecond **very\nsure** line\\\nthird\n\n- one\n- two\n\n\n')).toEqual([
    { kind: 'heading', text: 'Terms' },
    {
      kind: 'paragraph',
      text: 'First line second very sure line\nthird',
      spans: [
        { text: 'First line second ', strong: false },
        { text: 'very sure', strong: true },
        { text: ' line\nthird', strong: false },
      ],
    },
    { kind: 'item', text: 'one' },
    { kind: 'item', text: 'two' },
  ]);
  expect(readMarkdown(' \n\n ')).toEqual([]);
});

test('what looks like other markup is text', () => {
  expect(readMarkdown('<b>1 * 2</b> [x](y) _z_ #3')).toEqual([
    { kind: 'paragraph', text: '<b>1 * 2</b> [x](y) _z_ #3' },
  ]);
});
