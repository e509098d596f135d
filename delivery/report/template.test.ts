import { describe, expect, test } from 'vitest';
import { Fault } from '#engine';
import { checkTemplate, fillTemplate, type Layouts } from './template.ts';

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

describe('layouts', () => {
  const layouts: Layouts = {
    folder: 'reports/layouts',
    texts: {
      mail: 'Hello {{ name }}\n{% block body %}nothing{% endblock %}',
      broken: 'a\n{{ nobody }}',
      sign: '({{ n }})',
    },
  };
  const filled = (text: string) => fillTemplate(text, { name: 'Asha' }, place, { layouts });
  const said = (text: string) => {
    try {
      return filled(text);
    } catch (error) {
      return error;
    }
  };

  test('a text stands in a layout, and layouts in a text', () => {
    expect(filled("{% layout 'mail' %}")).toBe('Hello Asha\nnothing');
    expect(filled("{% layout 'mail' %}{% block body %}for {{ name }} {% render 'sign', n: 3 %}{% endblock %}")).toBe(
      'Hello Asha\nfor Asha (3)',
    );
  });

  test('what is wrong is named with its file and line, in the layout or in the text', () => {
    expect(said("x\n{% render 'broken' %}")).toMatchObject({
      place: { file: 'reports/layouts/broken.liquid', line: 2 },
    });
    expect(said("x\n{% layout 'mial' %}")).toMatchObject({
      message: 'there is no layout "mial" in reports/layouts',
      hint: 'Did you mean "mail"?',
      place: { file: place.file, line: 2 },
    });
    expect(checkTemplate("{% render 'mial' %}", place, layouts)).toMatchObject([{ code: 'missing-layout', line: 1 }]);
    expect(checkTemplate("{% render 'mail' %}", place, layouts)).toEqual([]);
  });

  test.each([
    "{% include '../../package.json' %}",
    "{% layout '/etc/passwd' %}",
    "{% render './package.json' %}",
    "{% assign path = '/etc/passwd' %}{% include path %}",
    "{% assign path = '../report.yml' %}{% layout path %}",
    "{% render 'toString' %}",
    "{% render '__proto__' %}",
    '{{ process.env.HOME }}',
    '{{ env }}',
    '{{ globals }}',
    '{{ name.constructor }}',
    '{{ name.__proto__ }}',
  ])('%s reaches neither files nor environment', (text) => {
    expect(said(text)).toMatchObject({ code: 'invalid' });
  });
});
