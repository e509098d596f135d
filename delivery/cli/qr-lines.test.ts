import { expect, test } from 'vitest';
import { qrLines } from './qr-lines.ts';

test('two rows of a code are one line, dark on white', () => {
  const lines = qrLines([
    [true, false],
    [true, true],
  ]);
  const plain = lines.map((line) => line.replace('\u001b[30;107m', '').replace('\u001b[0m', ''));
  expect(plain).toEqual(['      ', '  █▄  ', '      ']);
});
