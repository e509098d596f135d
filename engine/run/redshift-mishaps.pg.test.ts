import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import type { Mishap } from '../warehouse/redshift-stand-in/faults.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { testRedshift } from '../warehouse/test-redshift.ts';
import { attackedProject, bringUp, promises } from './test-attack.ts';
import { outcomes, testProject } from './test-project.ts';

/** Every so many statements one is struck; `npm run test:mishaps` strikes each. Prime to the handful of a step. */
const stride = Number(process.env['TIFFIN_MISHAP_STRIDE'] ?? 97);

/** In milliseconds: hundreds of whole runs, on a machine that others use, too. */
const patience = stride === 1 ? 3_600_000 : 300_000;

const mishaps: readonly Mishap[] = ['1023', 'cut-before', 'cut-after'];

test(
  `a violation or a cut line at every ${stride}th statement: tables and record stay true`,
  async () => {
    await using store = await testDatabase();
    let count = 0;
    let strike: ((number: number) => Mishap | undefined) | undefined;
    let struck = 0;
    await using redshift = await testRedshift(store.url, {
      mishaps() {
        count += 1;
        const mishap = strike?.(count);
        if (mishap) struck += 1;
        return mishap;
      },
    });
    using project = testProject(store.direct, attackedProject(1));
    const first = await bringUp(project.root, redshift.database, store.direct);
    expect(first.ok, outcomes(first).join(', ')).toBe(true);
    const statements = count;
    for (let round = 0; round * stride < statements; round += 1) {
      const version = round + 2;
      const mishap = mishaps[round % mishaps.length];
      for (const [path, content] of Object.entries(attackedProject(version))) project.write(path, content);
      const at = count + round * stride + 1;
      strike = (number) => (number === at ? mishap : undefined);
      const struckBefore = struck;
      // What is struck outside a step, such as the reading of the record, ends the run: whoever asks again finds all well.
      const hit = await bringUp(project.root, redshift.database, store.direct).catch(() => undefined);
      strike = undefined;
      if (!hit?.ok) await bringUp(project.root, redshift.database, store.direct);
      const where = `${mishap} at statement ${round * stride}, struck ${struck - struckBefore}`;
      for (const { query, rows, holds } of promises) {
        const found = await store.direct.query(sql.__dangerous__rawValue(query));
        expect(found, where).toHaveLength(rows);
        for (const row of found) expect(row, where).toMatchObject(holds);
      }
      expect(await store.direct.query(sql`select distinct version from kpi.daily`), where).toEqual([{ version }]);
      expect((await bringUp(project.root, redshift.database, store.direct)).results, where).toEqual([]);
    }
    expect(struck).toBeGreaterThan(0);
  },
  patience,
);
