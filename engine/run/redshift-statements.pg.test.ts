import { expect, test } from 'vitest';
import { compactRecord } from '../record/compact.ts';
import { openRecorder } from '../record/recorder.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { testRedshift } from '../warehouse/test-redshift.ts';
import { attackedProject, bringUp } from './test-attack.ts';
import { testProject } from './test-project.ts';

/** Run, model and range, which head a step's statements. */
const comment = /^\/\* tiffin run [a-z0-9]{18}, (\S+?)(?:, \d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d)? \*\/ /;

/** Ids of builds and runs differ by the clock; those of tables by the server. */
const steady = (statement: string): string =>
  statement.replace(/(stage|failing|old)_[a-z0-9]{8}[0-9a-f]{10}/g, '$1_ID').replace(comment, '');

/** What is sent to Redshift is reviewed as a diff of this file, and judged by others' grammars (`npm run test:referee`). */
test('every kind of statement that is sent to Redshift stands in the golden file', async () => {
  await using store = await testDatabase();
  const sent = new Set<string>();
  const named = new Set<string>();
  await using redshift = await testRedshift(store.url, {
    log: ({ statement, verdict }) => {
      expect(verdict, statement).toBe('performed');
      const model = comment.exec(statement)?.[1];
      if (model) named.add(model);
      sent.add(steady(statement).trim());
    },
  });
  using project = testProject(store.direct, attackedProject(1));
  for (const version of [1, 2, 3]) {
    for (const [path, content] of Object.entries(attackedProject(version))) project.write(path, content);
    await bringUp(project.root, redshift.database, store.direct);
  }
  for (const [path, content] of Object.entries(attackedProject(4, { bad: true }))) project.write(path, content);
  await bringUp(project.root, redshift.database, store.direct);
  const recorded = await openRecorder('test').read(redshift.database, ['kpi.daily', 'kpi.total']);
  await compactRecord(redshift.database, 'test', ['kpi.daily', 'kpi.total'], recorded, { atLeast: 1, days: 0 });
  expect([...named].sort()).toEqual([
    'kpi.daily',
    'kpi.history',
    'kpi.keyed',
    'kpi.total',
    'kpi.total_view',
    'raw.lines',
    'staging.lines',
  ]);
  const all = [...sent].sort().map((statement) => `${statement};\n`);
  expect(all.join('\n')).not.toMatch(/\b(cascade|savepoint|truncate|vacuum)\b/i);
  await expect(all.join('\n')).toMatchFileSnapshot('redshift-statements.golden.sql');
});
