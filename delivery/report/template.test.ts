import { expect, test } from 'vitest';
import { Fault } from '#engine';
import { checkTemplate, fillTemplate } from './template.ts';

const place = { file: 'reports/a/email.liquid' };
const fill = (text: string, scope = {}) => fillTemplate(text, scope, place);

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error('no fault');
}

test('templates say what they are told', () => {
  expect(fill('{{ a }}{% if b %} and {{ b }}{% endif %}', { a: 'x', b: '' })).toBe('x and ');
  expect(fill('plain % text')).toBe('plain % text');
});

test('a name that is not there stops it, with its line', () => {
  const fault = faultOf(() => fill('one\n{{ headlin.value }}', { headline: {} }));
  expect([fault.code, fault.place?.file, fault.place?.line]).toEqual(['invalid', place.file, 2]);
  expect(fault.message).toMatch(/headlin/);
});

test('syntax is checked without filling', () => {
  expect(checkTemplate('a\n{% if x %}', place)).toMatchObject([{ file: place.file, line: 2, code: 'template' }]);
  expect(checkTemplate('{{ a }}', place)).toEqual([]);
});

test.each([
  '{% include "package.json" %}',
  '{% render "/etc/hostname" %}',
  '{% layout "../../package.json" %}',
  '{{ process.env.HOME }}',
  '{{ a.constructor }}',
  '{% for i in (1..100000000) %}{{ i }}{% endfor %}',
])('%s reaches nothing', (text) => {
  expect(faultOf(() => fill(text, { a: 'x' })).code).toBe('invalid');
});
