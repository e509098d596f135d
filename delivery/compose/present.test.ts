import { expect, test } from 'vitest';
import type { Figure, Rule } from './document.ts';
import { plainText, showAlone, showFigure, toneOf } from './present.ts';

const growth: Extract<Rule, { kind: 'growth' }> = {
  kind: 'growth',
  decimals: 1,
  workbookDecimals: 1,
  flat: '1',
  cap: '50',
  words: true,
  tints: true,
};
const money: Rule = { kind: 'number', decimals: 0, workbookDecimals: 2, signed: false, currency: 'USD' };
const show = (figure: Partial<Figure>) => showFigure({ value: null, rule: growth, ...figure }, 'en-IN');

test('the tone of a growth: flat within 1 %, five steps up to 50 %', () => {
  const tones = ['0', '1', '-1.0000', '1.0001', '10', '10.0001', '-20', '30.5', '-40.1', '50', '999'];
  expect(tones.map((value) => [value, ...Object.values(toneOf(value, growth))].join(' '))).toEqual([
    '0 flat 0',
    '1 flat 0',
    '-1.0000 flat 0',
    '1.0001 up 1',
    '10 up 1',
    '10.0001 up 2',
    '-20 down 2',
    '30.5 up 4',
    '-40.1 down 5',
    '50 up 5',
    '999 up 5',
  ]);
  expect(toneOf('-40', { ...growth, tints: false })).toEqual({ direction: 'down', step: 0 });
});

test('growth has a sign and a tone, and is never minus zero', () => {
  expect(show({ value: '14.7500', base: '100', of: '114.75' })).toEqual({
    text: '+14.8',
    tone: { direction: 'up', step: 2 },
  });
  expect(show({ value: '-0.04' })).toEqual({ text: '0.0', tone: { direction: 'flat', step: 0 } });
});

test('growth from below zero keeps its figure and has no colour', () => {
  expect(show({ value: '-200.0000', base: '-50', of: '50' })).toEqual({ text: '\u2212200.0' });
  expect(show({ value: '-100.0000', base: '-50', of: '0' })).toEqual({ text: '\u2212100.0' });
});

test('new and stopped are said in words, unknown is a dash', () => {
  expect(show({ base: '0.00', of: '12' })).toEqual({ text: 'new' });
  expect(show({ value: '-100.0000', base: '8', of: '0.00' })).toEqual({
    text: 'stopped',
    tone: { direction: 'down', step: 5 },
  });
  expect([show({ base: '0', of: '0' }).text, show({ base: null, of: '5' }).text, show({}).text]).toEqual([
    '–',
    '–',
    '–',
  ]);
  const plain = { ...growth, words: false };
  expect(show({ rule: plain, base: '0', of: '12' }).text).toBe('–');
  expect(show({ rule: plain, value: '-100', base: '8', of: '0' }).text).toBe('\u2212100.0');
});

test('a lone figure has its unit, a cell has not', () => {
  expect(showFigure({ value: '1234567.5', rule: money }, 'en-US').text).toBe('1,234,568');
  expect(showAlone({ value: '1234567.5', rule: money }, 'en-US').text).toBe('$1,234,568');
  expect(showAlone({ value: '-5', rule: { ...money, currency: 'INR' } }, 'en-IN').text).toBe('\u2212\u20b95');
  expect(showAlone({ value: '3.16', rule: growth }, 'en-IN').text).toBe('+3.2\u00a0%');
  expect(showAlone({ value: null, rule: money }, 'en-IN').text).toBe('–');
});

test('dates, truth and text', () => {
  const text = (kind: 'date' | 'timestamp' | 'boolean' | 'text', value: string | boolean) =>
    showFigure({ value, rule: { kind } }, 'en-IN').text;
  expect(text('date', '2021-12-21')).toBe('21 Dec 2021');
  expect(text('timestamp', '2021-12-21T02:30:00Z')).toBe('2021-12-21 02:30:00 UTC');
  expect([text('boolean', true), text('boolean', false)]).toEqual(['yes', 'no']);
  expect(plainText(' a\r\n\tb\u0000c\u2028d ')).toBe('a b c d');
});
