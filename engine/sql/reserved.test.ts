import { expect, test } from 'vitest';
import { quoteReserved } from './reserved.ts';

const quoted = (text: string) => quoteReserved(text, new Set(['raw', 'tag']), 'postgres');

test.each([
  ['select l.day from raw.lines l', 'select l.day from "raw".lines l'],
  ['select RAW.lines.day from Raw . lines', 'select "raw".lines.day from "raw" . lines'],
  ['select l.raw.day, raw as tag from t', 'select l.raw.day, raw as tag from t'],
  ['select \'raw.lines\' -- raw.lines\nfrom "raw".lines', 'select \'raw.lines\' -- raw.lines\nfrom "raw".lines'],
])('%s', (text, wanted) => {
  expect(quoted(text)).toBe(wanted);
});
