import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { type Database, sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { cutLine } from './test-cut-line.ts';
import { type SchedulerProject, schedulerProject } from './test-scheduler-project.ts';

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const soon = { timeout: 60_000, interval: 20 };

/** Ten tables that take a moment each, and a dag for each with the last hours to make up. */
function tenDags(project: SchedulerProject) {
  for (let index = 0; index < 10; index += 1) {
    const sqlText = `/*---\nmaterialized: table\n---*/\nselect ${index} as n, pg_sleep(0.3) is null as slept\n`;
    project.write(`models/kpi/t${index}.sql`, sqlText);
    project.write(
      `dags/d${index}.yml`,
      `schedule: { cron: "0 * * * *" }\nselect: kpi.t${index}\nstart: ${yesterday()}\ncatch_up: 6\npools: [slow]\n`,
    );
  }
}

const ticksOf = (database: Database) =>
  database.query<{ dag: string; state: string; interruptions: number; run_id: string | null }>(
    sql`select dag, state, interruptions, run_id from engine_local.ticks where state <> 'skipped' order by dag, at`,
  );

/** The process that leads now, once it has settled so many ticks. */
async function leaderAfter(database: Database, settled: number): Promise<number> {
  return vi.waitFor(async () => {
    const [row] = await database.query<{ pid: number; settled: number; leads: boolean }>(
      sql`select split_part(holder, ' ', 2)::int as pid, until > clock_timestamp() as leads,
                 (select count(*)::int from engine_local.ticks where state = 'done') as settled
          from engine_local.scheduler_lease`,
    );
    if (!row?.leads || row.settled < settled) throw new Error('not yet');
    return row.pid;
  }, soon);
}

test('leaders killed one after another, another takes over each time, and every tick is done once', async () => {
  await using fresh = await testDatabase();
  const { database, url } = fresh;
  using project = schedulerProject(url);
  tenDags(project);
  const start = () => project.start('scheduler', '--lease', '1s', '--runs', '3');
  const running = new Map([start(), start()].map((one) => [one.pid, one]));
  for (const settled of [4, 14, 30]) {
    const leader = await leaderAfter(database, settled);
    expect(running.has(leader)).toBe(true);
    process.kill(leader, 'SIGKILL');
    await running.get(leader)?.ended;
    running.delete(leader);
    const next = start();
    running.set(next.pid, next);
  }
  await vi.waitFor(async () => {
    const ticks = await ticksOf(database);
    expect(ticks.length).toBeGreaterThanOrEqual(60);
    expect(ticks.filter(({ state }) => state !== 'done')).toEqual([]);
  }, soon);

  const ticks = await ticksOf(database);
  expect(ticks.some(({ interruptions }) => interruptions > 0)).toBe(true);
  for (const [dag, ofDag] of Map.groupBy(ticks, (tick) => tick.dag)) {
    expect(ofDag.length, dag).toBeGreaterThanOrEqual(6);
  }
  const builds = await database.query(
    sql`select model, count(*)::int as builds from tiffin_test.builds group by model`,
  );
  expect(builds).toHaveLength(10);
  expect(builds.every((row) => row['builds'] === 1)).toBe(true);

  for (const pid of running.keys()) process.kill(pid, 'SIGTERM');
  for (const { ended } of running.values()) expect((await ended).code).toBe(0);
  const held = sql`select 1 from engine_local.scheduler_lease where until > clock_timestamp()`;
  expect(await database.query(held)).toEqual([]);
});

test('a leader that slept through its lease finds another in its place, and stands by', async () => {
  await using fresh = await testDatabase();
  const { database, url } = fresh;
  using project = schedulerProject(url);
  tenDags(project);
  const both = [1, 2].map(() => project.start('scheduler', '--lease', '1s'));
  const leader = await leaderAfter(database, 3);
  const asleep = both.find(({ pid }) => pid === leader);
  process.kill(leader, 'SIGSTOP');
  await vi.waitFor(async () => expect(await leaderAfter(database, 3)).not.toBe(leader), soon);
  process.kill(leader, 'SIGCONT');
  await vi.waitFor(() => expect(asleep?.lines()).toMatch(/no longer leading.*standing by/s), soon);
  await vi.waitFor(async () => {
    const ticks = await ticksOf(database);
    expect(ticks.length).toBeGreaterThanOrEqual(60);
    expect(ticks.filter(({ state }) => state !== 'done')).toEqual([]);
  }, soon);
  const builds = await database.query(
    sql`select model, count(*)::int as builds from tiffin_test.builds group by model`,
  );
  expect(builds.map((row) => row['builds'])).toEqual(Array(10).fill(1));
  for (const { pid } of both) process.kill(pid, 'SIGTERM');
  for (const { ended } of both) expect((await ended).code).toBe(0);
});

test('the state database away for a while: the leader steps down, comes back by itself, and every tick is done once', async () => {
  await using fresh = await testDatabase();
  const { database, url } = fresh;
  await using line = await cutLine(url);
  using project = schedulerProject(url, { STATE_URL: line.url });
  tenDags(project);
  const scheduler = project.start('scheduler', '--lease', '1s', '--runs', '3');
  for (const settled of [3, 20]) {
    await leaderAfter(database, settled);
    const before = scheduler.lines().length;
    line.cut();
    await vi.waitFor(() => expect(scheduler.lines().slice(before)).toMatch(/no longer leading/), soon);
    const [held] = await database.query<{ token: string }>(sql`select token from engine_local.scheduler_lease`);
    line.join();
    await vi.waitFor(async () => {
      const [now] = await database.query<{ token: string }>(sql`select token from engine_local.scheduler_lease`);
      expect(Number(now?.token)).toBeGreaterThan(Number(held?.token));
    }, soon);
  }
  await vi.waitFor(async () => {
    const ticks = await ticksOf(database);
    expect(ticks.length).toBeGreaterThanOrEqual(60);
    expect(ticks.filter(({ state }) => state !== 'done')).toEqual([]);
  }, soon);
  const ticks = await ticksOf(database);
  for (const [dag, ofDag] of Map.groupBy(ticks, (tick) => tick.dag)) {
    expect(ofDag.length, dag).toBeGreaterThanOrEqual(6);
  }
  const builds = await database.query(
    sql`select model, count(*)::int as builds from tiffin_test.builds group by model`,
  );
  expect(builds.map((row) => row['builds'])).toEqual(Array(10).fill(1));
  process.kill(scheduler.pid, 'SIGTERM');
  expect((await scheduler.ended).code).toBe(0);
});

test('--once does what is due and ends; a failure is told to a webhook, once; --once again finds nothing', async () => {
  const posted: { readonly key: unknown; readonly body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    posted.push({ key: request.headers['idempotency-key'], body: JSON.parse(await text(request)) });
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await using fresh = await testDatabase();
  using project = schedulerProject(fresh.url, { ALERT_URL: `http://127.0.0.1:${port}/hook` });
  project.write('models/kpi/good.sql', '/*---\nmaterialized: table\n---*/\nselect 1 as n\n');
  project.write('models/kpi/bad.sql', '/*---\nmaterialized: table\n---*/\nselect 1 / 0 as n\n');
  const dag = (model: string) =>
    `schedule: { cron: "0 0 1 1 *" }\nselect: kpi.${model}\nstart: 2020-01-01\non_failure: [webhook:env:ALERT_URL, email:team]\n`;
  project.write('dags/good.yml', dag('good'));
  project.write('dags/bad.yml', dag('bad'));
  const once = async () => {
    const { code, out } = await project.start('scheduler', '--once', '--json').ended;
    return { code, answer: JSON.parse(out) };
  };
  expect(await once()).toEqual({ code: 1, answer: { ok: false, led: true, done: 1, failed: 1, waiting: 0 } });
  expect(posted).toMatchObject([
    {
      key: expect.stringMatching(/^failed bad /),
      body: { kind: 'failed', dag: 'bad', message: expect.stringMatching(/division by zero/) },
    },
  ]);
  const outbox = sql`select recipient, sent_at is null as unsent from engine_local.notices order by recipient`;
  expect(await fresh.database.query(outbox)).toEqual([
    { recipient: 'email:team', unsent: true },
    { recipient: 'webhook:env:ALERT_URL', unsent: false },
  ]);
  const ticks = await ticksOf(fresh.database);
  expect(ticks.map(({ dag: name, state, run_id }) => [name, state, run_id !== null])).toEqual([
    ['bad', 'failed', true],
    ['good', 'done', true],
  ]);
  expect(await once()).toEqual({ code: 0, answer: { ok: true, led: true, done: 0, failed: 0, waiting: 0 } });
  server.close();
});

test('dags are read again when they change; those that are not right leave the old ones in force', async () => {
  await using fresh = await testDatabase();
  using project = schedulerProject(fresh.url);
  project.write('models/kpi/one.sql', '/*---\nmaterialized: table\n---*/\nselect 1 as n\n');
  project.write('dags/first.yml', 'schedule: { cron: "0 0 1 1 *" }\nselect: kpi.one\n');
  const scheduler = project.start('scheduler');
  await vi.waitFor(() => expect(scheduler.lines()).toMatch(/"leading"/), soon);
  project.write('dags/second.yml', 'schedule: { cron: "0 0 1 1 *" }\nselekt: kpi.one\n');
  await vi.waitFor(() => expect(scheduler.lines()).toMatch(/second.yml:2.*selekt/), soon);
  project.write('dags/second.yml', 'schedule: { cron: "0 0 1 1 *" }\nselect: kpi.one\nstart: 2020-01-01\n');
  await vi.waitFor(async () => {
    expect(await ticksOf(fresh.database)).toMatchObject([{ dag: 'second', state: 'done' }]);
  }, soon);
  process.kill(scheduler.pid, 'SIGINT');
  expect((await scheduler.ended).code).toBe(0);
  for (const line of scheduler.lines().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('time');
});
