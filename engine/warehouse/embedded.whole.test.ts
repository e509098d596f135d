import { spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { sql } from './database.ts';
import { clusterStatus, ensureCluster, stopCluster } from './embedded.ts';
import { openEmbedded } from './embedded-database.ts';
import { openPostgres } from './postgres.ts';
import { isAlive } from './postmaster.ts';
import { testFolder } from './test-folder.ts';
import { ensuring, testProcess } from './test-process.ts';

const gone = (pid: number) => vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });

test('starters that come at once, to nothing, share one server', async () => {
  await using folder = await testFolder();
  const pids = await Promise.all(Array.from({ length: 4 }, () => testProcess(ensuring(folder.path)).said));
  expect(new Set(pids).size).toBe(1);
  expect((await readdir(folder.path)).sort()).toEqual(['data', 'password', 'port', 'server.log']);
});

test('starters that come at once to a server that was killed share the next', async () => {
  await using folder = await testFolder();
  const { pid } = await ensureCluster(folder.path);
  process.kill(pid, 'SIGKILL');
  const pids = await Promise.all(Array.from({ length: 3 }, () => testProcess(ensuring(folder.path)).said));
  expect(new Set(pids).size).toBe(1);
  expect(pids).not.toContain(String(pid));
});

test('the server outlives who started it, killed or not, and is adopted', async () => {
  await using folder = await testFolder();
  const starter = testProcess(`${ensuring(folder.path)}\nsetInterval(() => {}, 1000);`);
  await vi.waitUntil(async () => (await clusterStatus(folder.path)).kind === 'running', { timeout: 30_000 });
  starter.child.kill('SIGKILL');
  await starter.said;
  const status = await clusterStatus(folder.path);
  expect(status).toMatchObject({ kind: 'running', version: '18' });
  expect(status).toMatchObject({ pid: (await ensureCluster(folder.path)).pid });
});

test.each(['after the delete', 'after the insert', 'at the commit'] as const)(
  'a server killed %s comes back with whole transactions, the acknowledged ones among them',
  async (moment) => {
    await using folder = await testFolder();
    let cluster = await ensureCluster(folder.path);
    {
      await using database = await openPostgres(cluster.url('postgres'));
      await database.query(sql`create table kept (version int)`);
      await database.query(sql`create table record (version int)`);
    }
    let acknowledged = 0;
    for (let version = 1; version <= 6; version++) {
      const dies = version % 2 === 0;
      const kill = () => process.kill(cluster.pid, 'SIGKILL');
      const database = await openPostgres(cluster.url('postgres'));
      const written = await database
        .transaction(async (tx) => {
          await tx.query(sql`delete from kept`);
          if (dies && moment === 'after the delete') kill();
          await tx.query(sql`insert into kept select ${version}::int from generate_series(1, 5000)`);
          if (dies && moment === 'after the insert') kill();
          await tx.query(sql`insert into record values (${version})`);
          if (dies && moment === 'at the commit') setImmediate(kill);
        })
        .then(
          () => true,
          (error) => {
            expect(error).toMatchObject({ code: 'unreachable' });
            return false;
          },
        );
      await database[Symbol.asyncDispose]();
      if (written) acknowledged = version;
      if (dies) cluster = await ensureCluster(folder.path);
      await using after = await openPostgres(cluster.url('postgres'));
      const [found] = await after.query<{ versions: number; rows: number; kept: number; recorded: number }>(sql`
        select count(distinct version)::int as versions, count(*)::int as rows, max(version) as kept,
               (select max(version) from record) as recorded from kept`);
      expect(found).toMatchObject({ versions: 1, rows: 5_000, kept: found?.recorded });
      expect(found?.recorded).toBeGreaterThanOrEqual(acknowledged);
      acknowledged = found?.recorded ?? 0;
    }
  },
);

test('what a killed client has asked for does not go on', async () => {
  await using folder = await testFolder();
  const cluster = await ensureCluster(folder.path);
  await using database = await openPostgres(cluster.url('postgres'));
  const clients = [
    `await db.run(sql\`select pg_sleep(600) as orphan\`)`,
    `await db.query(sql\`select pg_sleep(600) as orphan\`)`,
    `await db.transaction((tx) => tx.query(sql\`select pg_sleep(600) as orphan\`))`,
  ].map((act) =>
    testProcess(`
      const { openPostgres } = await import(house + 'postgres.ts');
      const { sql } = await import(house + 'database.ts');
      const db = await openPostgres(${JSON.stringify(cluster.url('postgres'))});
      ${act};`),
  );
  const orphans = async () => {
    const rows = await database.query(
      sql`select from pg_stat_activity where query like '%as orphan%' and pid <> pg_backend_pid()`,
    );
    return rows.length;
  };
  await vi.waitUntil(async () => (await orphans()) === 3, { timeout: 20_000 });
  for (const { child } of clients) child.kill('SIGKILL');
  await vi.waitUntil(async () => (await orphans()) === 0, { timeout: 15_000, interval: 200 });
});

test('an open database finds its server again after that was killed', async () => {
  await using folder = await testFolder();
  await using database = await openEmbedded(folder.path, 'state');
  await database.query(sql`create table kept as select 1 as n`);
  const { pid } = await ensureCluster(folder.path);
  const cut = database.query(sql`select pg_sleep(60)`).catch((error) => error);
  const [, count] = await Promise.all([database.query(sql`select 1`), database.query(sql`select n from kept`)]);
  expect(count).toEqual([{ n: 1 }]);
  process.kill(pid, 'SIGKILL');
  expect(await cut).toMatchObject({ code: 'unreachable' });
  expect(await database.query(sql`select n from kept`)).toEqual([{ n: 1 }]);
  expect((await ensureCluster(folder.path)).pid).not.toBe(pid);
});

test.skipIf(process.platform !== 'linux')(
  'a stale pid file is seen through: zombies, and pids that others have now',
  async () => {
    await using folder = await testFolder();
    const { pid, dataFolder } = await ensureCluster(folder.path);
    const pidFile = join(dataFolder, 'postmaster.pid');
    const written = await readFile(pidFile, 'utf8');
    await stopCluster(folder.path);
    await gone(pid);
    const { uid, gid } = await stat(dataFolder);
    // A shell that has become a sleep has a child which nobody will ever reap.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const other = spawn('sleep', ['600'], { stdio: 'ignore', ...(process.getuid?.() === 0 && { uid, gid }) });
    try {
      const [zombie] = await parent.stdout.map(Number).take(1).toArray();
      await vi.waitUntil(async () => /\) Z /.test(await readFile(`/proc/${zombie}/stat`, 'utf8')), { timeout: 10_000 });
      for (const stale of [zombie, other.pid]) {
        await writeFile(pidFile, written.replace(/^\d+/, String(stale)), { mode: 0o600 });
        const started = await ensureCluster(folder.path);
        expect(started.pid).not.toBe(stale);
        await stopCluster(folder.path);
      }
    } finally {
      parent.kill('SIGKILL');
      other.kill('SIGKILL');
    }
  },
);

test('a port that somebody took meanwhile is changed, and kept from then on', async () => {
  await using folder = await testFolder();
  const first = await ensureCluster(folder.path);
  await stopCluster(folder.path);
  const taken = createServer().listen(first.port, '127.0.0.1');
  try {
    const second = await ensureCluster(folder.path);
    expect(second.port).not.toBe(first.port);
    await stopCluster(folder.path);
    expect((await ensureCluster(folder.path)).port).toBe(second.port);
  } finally {
    taken.close();
  }
});

test('a killed beginning leaves nothing that looks like a cluster', async () => {
  await using folder = await testFolder();
  const starter = testProcess(ensuring(folder.path));
  await vi.waitUntil(async () => (await readdir(folder.path)).some((name) => name.startsWith('new.')), {
    timeout: 20_000,
    interval: 1,
  });
  starter.child.kill('SIGKILL');
  await starter.said;
  expect(await readdir(folder.path)).not.toContain('data');
  await using database = await openEmbedded(folder.path, 'warehouse');
  expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await vi.waitUntil(async () => !(await readdir(folder.path)).some((name) => name.startsWith('new.')));
});

test('a server that cannot start says why at once', async () => {
  await using folder = await testFolder();
  const { dataFolder } = await ensureCluster(folder.path);
  await stopCluster(folder.path);
  await writeFile(join(dataFolder, 'PG_VERSION'), '9.6\n');
  const error = await ensureCluster(folder.path).catch((caught) => caught);
  expect(error).toMatchObject({ code: 'failed', message: /database files are incompatible with server/ });
});

test('waiting ends with its signal', async () => {
  await using folder = await testFolder();
  const reason = new Error('enough');
  await expect(ensureCluster(folder.path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(await clusterStatus(folder.path)).toEqual({ kind: 'absent' });
});

test('password, port and log are for nobody else to read', async () => {
  await using folder = await testFolder();
  const { dataFolder } = await ensureCluster(folder.path);
  for (const name of ['password', 'port', 'server.log']) {
    expect((await stat(join(folder.path, name))).mode & 0o777).toBe(0o600);
  }
  expect((await stat(dataFolder)).mode & 0o777).toBe(0o700);
});
