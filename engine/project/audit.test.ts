import { expect, test } from 'vitest';
import { parseModel } from './model.ts';

/** The problems of a model with one entry under `audits:`, which stands in line 4. */
const problemsOf = (entry: string) =>
  parseModel('kpi.x', 'm.sql', `/*---\nmaterialized: table\naudits:\n  ${entry}\n---*/\nselect 1`).problems.map(
    ({ line, column, message, hint = '' }) => `${line}:${column} ${message} ${hint}`.trim(),
  );

const kinds = 'not_null, unique, accepted_values, relationships, expression, row_count, freshness, sql';

test.each([
  ['- unique: store', '4:13 audits.0.unique must be a list, or a map with: columns, severity, scope; it is "store"'],
  ['- unique: { colums: [a] }', '4:15 unknown key "colums" in audits.0.unique Did you mean "columns"?'],
  [
    '- unique: { columns: [a], scope: tabel }',
    '4:36 audits.0.unique.scope must be one of: window, build, table; it is "tabel" Did you mean "table"?',
  ],
  ['- not_null: []', '4:15 audits.0.not_null must not be empty'],
  ['- not_nul: [a]', '4:5 unknown key "not_nul" in audits.0 Did you mean "not_null"?'],
  ['- row_count: { mim: 1 }', '4:18 unknown key "mim" in audits.0.row_count Did you mean "min"?'],
  ['- row_count: 5', '4:16 audits.0.row_count must be a map; it is 5'],
  ['- sql: [a]', '4:10 audits.0.sql must be text, or a map with: name, severity; it is a list'],
  ['- unique: [a]\n    not_null: [b]', '4:5 audits.0 has more than one key: write each as an entry of its own'],
  ['- unique', `4:5 audits.0 must be one of: ${kinds}, each with its settings; it is "unique"`],
])('%s is explained once, in words of ours', (entry, expected) => {
  expect(problemsOf(entry)).toEqual([expected]);
});
