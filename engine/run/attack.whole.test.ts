import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Database, sql } from '../warehouse/database.ts';
import { ensureCluster } from '../warehouse/embedded.ts';
import { openEmbedded } from '../warehouse/embedded-database.ts';
import { openPostgres } from '../warehouse/postgres.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { testFolder } from '../warehouse/test-folder.ts';
import { attackedProject, bringUp, computing, watched } from './test-attack.ts';
import { outcomes, type TestProject, testProject } from './test-project.ts';
import { startReaders } from './test-readers.ts';

/** How many kills: some in every run of the tests, TIFFIN_KILLS=1000 in the long run. */
const kills = Number(process.env['TIFFIN_KILLS'] ?? 50);

/** The long run takes its time: a round is some seconds, on a machine with other work many. */
const timeout = 600_000 + kills * 20_000;

function setVersion(project: TestProject, version: number, how: Parameters<typeof attackedProject>[1] = {}): void {
  for (const [path, content] of Object.entries(attackedProject(version, how))) project.write(path, content);
}

/** Every table holds this version and no other, the record says so, and nothing is left to do or left lying. */
async function expectVersion(project: TestProject, database: Database, version: number): Promise<void> {
  for (const table of ['raw.lines', 'kpi.daily', 'kpi.total', 'kpi.total_view', 'kpi.keyed']) {
    const [schema = '', name = ''] = table.split('.');
    const rows = await database.query(sql`select distinct version from ${sql.ident(schema, name)}`);
    expect(rows, table).toEqual([{ version }]);
  }
  const history = await database.query(
    sql`select store, count(*) filter (where valid_until is null)::int as open, max(version)::int as version,
               bool_and(next is null or next = valid_until) as chained
        from (select *, lead(valid_from) over (partition by store order by valid_from) as next from kpi.history) h
        group by store`,
  );
  expect(history).toEqual(
    ['A', 'B', 'C', 'D'].map((store) => expect.objectContaining({ store, open: 1, version, chained: true })),
  );
  // The record's own count of rows is that of the table.
  const [recorded] = await database.query(
    sql`select sum(row_count)::int as rows from (
          select distinct on (from_at) row_count from tiffin_test.builds where model = 'kpi.daily' order by from_at, sequence desc
        ) as latest where row_count > 0`,
  );
  expect(Number(recorded?.['rows'])).toBeGreaterThanOrEqual(12);
  expect((await project.plan()).steps).toEqual([]);
}

test('readers never see a missing table, an empty or half window, or bad rows, and never wait for a computation', async () => {
  await using store = await testDatabase();
  await using others = await openPostgres(store.url);
  using project = testProject(store.database, attackedProject(1));
  await project.run();
  const readers = startReaders(others);
  let good = 1;
  for (let version = 2; version <= 5; version += 1) {
    const bad = version % 3 === 0;
    setVersion(project, version, { slow: true, bad });
    const words = outcomes(await project.results());
    expect(words.some((word) => word.endsWith('audit-failed'))).toBe(bad);
    if (!bad) good = version;
  }
  const seen = await readers.end();
  expect(seen.broken).toEqual([]);
  expect(seen.reads).toBeGreaterThan(100);
  expect(seen.longest).toBeLessThan(computing);
  await expectVersion(project, store.database, good);
});

test(`an engine killed at a statement, ${kills} times: readers see whole windows, the next run leaves the truth`, {
  timeout,
}, async () => {
  await using store = await testDatabase();
  await using others = await openPostgres(store.url);
  using project = testProject(store.database, attackedProject(1));
  await project.run();
  let statements = 0;
  setVersion(project, 2);
  await bringUp(
    project.root,
    watched(store.database, (count) => {
      statements = count;
    }),
    store.database,
  );
  await expectVersion(project, store.database, 2);

  const killed = (at: number, mode: string) => {
    const script = fileURLToPath(new URL('./test-killed-run.ts', import.meta.url));
    const child = spawn(process.execPath, [script, project.root, store.url, String(at), mode], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
    return Promise.all([ended, text(child.stdout), text(child.stderr)]);
  };
  const readers = startReaders(others);
  let dead = 0;
  for (let round = 0; round < kills; round += 1) {
    const version = 3 + round;
    setVersion(project, version);
    // Spread over the whole run, and over all of it when there are enough.
    const at = 1 + (Math.floor((round * statements) / kills) % statements);
    const [signal, out, errors] = await killed(at, round % 2 === 0 ? 'before' : 'during');
    if (signal === 'SIGKILL') dead += 1;
    else expect({ out, errors }).toEqual({ out: 'whole', errors: '' });
    const finished = await bringUp(project.root, store.database, store.database);
    expect(finished.ok, outcomes(finished).join(', ')).toBe(true);
    await expectVersion(project, store.database, version);
    if (version % 100 === 0) console.log(`${round + 1} of ${kills} rounds, ${dead} engines killed`);
  }
  const seen = await readers.end();
  expect(seen.broken).toEqual([]);
  expect(dead).toBeGreaterThan(kills * 0.8);
});

const serverKills = Math.max(6, Math.floor(kills / 10));

test(`a server killed at a statement, ${serverKills} times: the run comes through by itself, and leaves the truth`, {
  timeout,
}, async () => {
  await using folder = await testFolder();
  await using database = await openEmbedded(folder.path, 'warehouse');
  await using state = await openEmbedded(folder.path, 'state');
  await using others = await openEmbedded(folder.path, 'warehouse');
  using project = testProject(database, attackedProject(1));
  await bringUp(project.root, database, state);
  let statements = 0;
  setVersion(project, 2);
  await bringUp(
    project.root,
    watched(database, (count) => {
      statements = count;
    }),
    state,
  );
  // Before the first step and after the last there is nobody who tries again.
  const [first, last] = [12, statements - 4];
  const readers = startReaders(others);
  for (let round = 0; round < serverKills; round += 1) {
    const version = 3 + round;
    setVersion(project, version);
    const at = first + Math.floor((round * (last - first)) / serverKills);
    const attacked = watched(database, async (count) => {
      if (count === at) process.kill((await ensureCluster(folder.path)).pid, 'SIGKILL');
    });
    const result = await bringUp(project.root, attacked, state);
    expect(result.ok, outcomes(result).join(', ')).toBe(true);
    await expectVersion(project, database, version);
  }
  expect((await readers.end()).broken).toEqual([]);
});
