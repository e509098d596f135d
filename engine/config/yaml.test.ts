import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml } from './yaml.ts';

const schema = z.strictObject({
  title: z.string(),
  kind: z.enum(['view', 'table']).default('view'),
  schedule: z.strictObject({ cron: z.string(), timezone: z.string().optional() }).optional(),
  audits: z.array(z.union([z.string(), z.strictObject({ not_null: z.array(z.string()) })])).default([]),
});

function problemsOf(text: string, firstLine = 1) {
  const read = parseYaml(text, schema, 'a.yml', firstLine);
  return read.ok ? [] : read.problems.map((p) => `${p.line}:${p.column} ${p.code} ${p.message} ${p.hint ?? ''}`.trim());
}

test('a right text gives its value and the places of its parts', () => {
  const read = parseYaml('title: A\nschedule:\n  cron: "0 8 * * *"\n', schema, 'a.yml', 10);
  if (!read.ok) throw new Error('not read');
  expect(read.value).toEqual({ title: 'A', kind: 'view', schedule: { cron: '0 8 * * *' }, audits: [] });
  expect(read.placeOf(['schedule', 'cron'])).toEqual({ line: 12, column: 9 });
});

test('every mistake is named at its own line, with the nearest right word', () => {
  expect(problemsOf('titel: A\nkind: tabel\nschedule:\n  crom: x\n')).toEqual([
    '2:7 invalid-value kind must be one of: view, table; it is "tabel" Did you mean "table"?',
    '4:3 unknown-key unknown key "crom" in schedule Did you mean "cron"?',
    '1:1 unknown-key unknown key "titel" Did you mean "title"?',
  ]);
});

test('of a union the arm that was meant is explained', () => {
  expect(problemsOf('title: A\naudits:\n  - not_nul: [a]\n', 5)).toEqual([
    '7:5 unknown-key unknown key "not_nul" in audits.0 Did you mean "not_null"?',
  ]);
});

test('broken YAML names its line, and a key given twice is an error', () => {
  expect(problemsOf('title: A\nkind: "view\naudits: []\n')).toEqual(['2:7 yaml this quote is never closed']);
  expect(problemsOf('title: A\ntitle: B\n')).toEqual(['2:1 yaml this key is there already Keep one of the two.']);
  expect(problemsOf('title: A\nkind [view]\naudits: []\n')[0]).toMatch(/^2:1 yaml .* Is a colon missing after a key/);
  expect(problemsOf('schedule:\n\tcron: x\n')[0]).toMatch(/^2:1 yaml a tab before the key YAML is indented by spaces/);
});
