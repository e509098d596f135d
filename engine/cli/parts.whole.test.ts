import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { modelFile, smallProject, testProject } from '../run/test-project.ts';
import { sql } from '../warehouse/database.ts';
import { stopCluster } from '../warehouse/embedded.ts';
import { clusterFolder } from '../warehouse/open.ts';
import { type TestDatabase, testDatabase } from '../warehouse/test-database.ts';
import { testFolder } from '../warehouse/test-folder.ts';

const main = fileURLToPath(new URL('../main.mjs', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

function start(cwd: string, environment: Readonly<Record<string, string>>, words: readonly string[]) {
  const child = spawn(process.execPath, [main, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]).then(
    ([code, out, errors]): Ended => ({ code, out, errors }),
  );
  return { child, ended };
}

/** A project on a server by URL, with a second target beside it, driven by the very commands that a user has. */
function project(store: TestDatabase, files: Readonly<Record<string, string>>, other = store.url) {
  const house = testProject(store.database, {
    'data/lines-1.csv': 'day,store,amount\n2021-09-01,A,1\n2021-09-02,B,2\n',
    ...smallProject,
    ...files,
    'project.yml': `name: test
timezone: Asia/Kolkata
target: it
state: env:URL
targets: { it: { type: postgres, url: env:URL }, other: { type: postgres, url: env:OTHER } }
`,
  });
  const environment = { URL: store.url, OTHER: other };
  const engine = (...words: string[]) => start(house.root, environment, words).ended;
  const json = async (...words: string[]) => JSON.parse((await engine(...words, '--json')).out);
  const names = async (...words: string[]) =>
    (await json('ls', ...words)).map((node: { name: string }) => node.name) as string[];
  return { ...house, engine, json, names, start: (...words: string[]) => start(house.root, environment, words) };
}

const models = (steps: readonly { model: string; outcome: string }[]) =>
  steps.map(({ model, outcome }) => `${model} ${outcome}`);

test('seeds are loaded when their rows or their types change, and their readers follow', async () => {
  await using store = await testDatabase();
  using house = project(store, {
    'models/seeds/stores.csv': 'store,rank\nA,1\nB,02\n',
    'models/kpi/named.sql': 'select rank from seeds.stores',
  });
  expect(models((await house.json('seed')).steps)).toEqual(['seeds.stores built']);
  expect((await house.json('seed')).steps).toEqual([]);
  await house.engine('run');
  expect(await house.query('select rank from seeds.stores order by store')).toEqual([{ rank: '1' }, { rank: '02' }]);
  house.write('models/seeds/stores.yml', 'columns: { rank: { type: integer } }\n');
  expect(models((await house.json('run')).steps)).toContain('seeds.stores built');
  expect(await house.query('select rank from kpi.named order by 1')).toEqual([{ rank: 1 }, { rank: 2 }]);
  expect(await house.names()).toContain('seeds.stores');
  house.write('models/seeds/stores.yml', 'columns: { rnk: { type: integer } }\n');
  expect((await house.engine('check')).out).toMatch(
    /stores\.yml:1:\d+ {2}error {2}models\/seeds\/stores\.csv has no column rnk/,
  );
});

test('extract loads sources and no more; state:, window: and result: answer from the record', async () => {
  await using store = await testDatabase();
  using house = project(store, {});
  expect(models((await house.json('extract')).steps)).toEqual(['raw.lines built']);
  expect(await house.names('--select', 'state:new')).toEqual(['staging.lines', 'kpi.daily']);
  await house.engine('run', '--select', 'staging.lines');
  expect(await house.names('--select', 'state:modified')).toEqual(['kpi.daily']);
  expect(await house.names('--select', 'window:missing')).toEqual(['kpi.daily']);

  house.write('data/lines-1.csv', 'day,store,amount\n2021-09-01,A,1\n2021-09-01,A,2\n');
  house.write(
    'models/kpi/daily.sql',
    smallProject['models/kpi/daily.sql'].replace('sum(amount)', 'amount').replace(' group by day, store', ''),
  );
  expect((await house.engine('run')).code).toBe(1);
  expect(await house.names('--select', 'result:failed')).toEqual(['kpi.daily']);
  expect(await house.names('--select', '+result:failed')).toEqual(['raw.lines', 'staging.lines', 'kpi.daily']);
  const wrong = await house.engine('ls', '--select', 'result:faild');
  expect(wrong.code).toBe(2);
  expect(wrong.errors).toMatch(/there is no result:faild/);
});

test('retry does what failed, for the same windows and no other', async () => {
  await using store = await testDatabase();
  using house = project(store, {});
  await house.engine('run');
  const strict = smallProject['models/kpi/daily.sql'].replace(
    'unique: [day, store]',
    'accepted_values: { column: store, values: [A] }',
  );
  house.write('models/kpi/daily.sql', strict);
  house.write('data/lines-2.csv', 'day,store,amount\n2021-09-03,C,3\n');
  const failed = await house.json('run');
  expect(models(failed.steps)).toContain('kpi.daily audit-failed');
  house.write('models/kpi/daily.sql', smallProject['models/kpi/daily.sql']);
  house.write('data/lines-3.csv', 'day,store,amount\n2021-09-04,D,4\n');
  await house.engine('extract');
  const again = await house.json('retry', failed.run_id);
  expect(again.steps).toMatchObject([
    { model: 'kpi.daily', from: '2021-09-03', until: '2021-09-04', outcome: 'built' },
  ]);
  expect((await house.json('plan')).steps).toMatchObject([
    { model: 'kpi.daily', from: '2021-09-04', until: '2021-09-05' },
  ]);
  const none = await house.engine('retry', 'nobody');
  expect(none).toMatchObject({ code: 2 });
});

test('a backfill that is killed goes on with the next run, and is done once', async () => {
  await using store = await testDatabase();
  const days = Array.from({ length: 8 }, (_, index) => `2021-09-0${index + 1},A,${index}`).join('\n');
  using house = project(store, {
    'data/lines-1.csv': `day,store,amount\n${days}\n`,
    'models/kpi/daily.sql': smallProject['models/kpi/daily.sql'].replace('grain: day', 'grain: day\nbatch: 1'),
  });
  await house.engine('run');
  const built = async () =>
    Number(
      (await house.query('select count(*) as builds from tiffin_test.builds where model = $$kpi.daily$$'))[0]?.[
        'builds'
      ],
    );
  const before = await built();
  const run = house.start('run', '--rebuild', '--from', '2021-09-01', '--until', '2021-09-09');
  while ((await built()) < before + 3) await new Promise((resolve) => setTimeout(resolve, 10));
  run.child.kill('SIGKILL');
  await run.ended;
  const left = (await house.json('plan')).steps as { readonly reason: string }[];
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(6);
  expect(left.every(({ reason }) => reason === 'rebuild asked')).toBe(true);
  expect(await house.json('run')).toMatchObject({ ok: true });
  expect(await built()).toBe(before + 8);
  expect((await house.json('plan')).steps).toEqual([]);
});

test('freshness tells how far data goes and fails beyond what its files allow', async () => {
  await using store = await testDatabase();
  using house = project(store, {
    'models/staging/lines.sql': modelFile('freshness: { error_after: 1d }', 'select day, store, amount from raw.lines'),
  });
  expect(await house.engine('freshness')).toMatchObject({ code: 3 });
  await house.engine('run');
  const { code, out } = await house.engine('freshness', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject([
    { name: 'raw.lines', until: '2021-09-02T18:30:00.000Z', verdict: 'no limit' },
    { name: 'staging.lines', verdict: 'too late' },
    { name: 'kpi.daily', verdict: 'no limit' },
  ]);
});

test('diff names the rows in which two targets differ', async () => {
  await using store = await testDatabase();
  await using other = await testDatabase();
  using house = project(store, {}, other.url);
  await house.engine('run');
  await house.engine('run', '--target', 'other');
  expect(await house.engine('diff', 'it', 'other')).toMatchObject({
    code: 0,
    out: expect.stringContaining('No difference.'),
  });
  await other.database.query(sql`update kpi.daily set amount = 9 where store = 'B'`);
  const differs = await house.engine('diff', 'it', 'other', '--select', 'kpi.daily');
  expect(differs.code).toBe(1);
  expect(differs.out).toMatch(/kpi\.daily: 1 row only in it; 1 row only in other/);
});

test('one model in an environment of one’s own, the rest from another: plan, run, compile and show say what is read where', async () => {
  await using store = await testDatabase();
  using house = project(store, {});
  house.write(
    'project.yml',
    `name: test
timezone: Asia/Kolkata
target: it
state: env:URL
targets:
  it: { type: postgres, url: env:URL }
  dev: { type: postgres, url: env:URL, schema_suffix: _dev }
  other: { type: embedded, schema_suffix: _dev }
`,
  );
  await house.engine('run');
  const mine = ['--target', 'dev', '--select', 'kpi.daily', '--defer', 'it'];
  const planned = await house.engine('plan', ...mine);
  expect(planned).toMatchObject({ code: 0, errors: 'reads  staging.lines  from it (staging.lines)\n' });
  expect(planned.out).toMatch(/^build {2}kpi\.daily {2}2021-09-01 \.\. 2021-09-03 {2}\(missing\)\n$/);
  expect((await house.json('run', ...mine)).deferred).toEqual({ target: 'it', tables: ['raw.lines', 'staging.lines'] });
  const compiled = async (...words: string[]) => (await house.engine('compile', 'kpi.daily', ...words)).out;
  expect(await compiled('--target', 'dev')).toContain('from staging_dev.lines');
  expect(await compiled('--target', 'dev', '--defer', 'it')).toMatch(
    /-- reads {2}staging\.lines {2}from it .*from staging\.lines/s,
  );
  expect(await house.json('show', '--sql', 'select count(*) from kpi.daily', '--target', 'dev')).toEqual([
    { count: '2' },
  ]);
  const shown = await house.engine(
    'show',
    'staging.lines',
    '--target',
    'dev',
    '--defer',
    'it',
    '--limit',
    '1',
    '--output',
    'csv',
  );
  expect([shown.out.split('\n')[0], shown.errors]).toEqual(['day,store,amount', 'staging.lines of target it\n']);
  const refused = await house.engine('plan', '--target', 'dev', '--defer', 'other');
  expect([refused.code, refused.errors]).toEqual([
    2,
    expect.stringMatching(/^engine: --defer other: target dev is another warehouse/),
  ]);
});

test('an audit that is new asks what stands; of a model that fails one word is said; its rows are kept', async () => {
  await using store = await testDatabase();
  using house = project(store, {});
  await house.engine('run');
  const text = smallProject['models/kpi/daily.sql'];
  house.write('models/kpi/daily.sql', text.replace('  - unique', '  - expression: { sql: "amount > 1" }\n  - unique'));
  expect((await house.engine('plan')).out).toBe('audit  kpi.daily  2021-09-01 .. 2021-09-03  (new audit since)\n');
  const { code, out } = await house.engine('run');
  expect(code).toBe(1);
  expect(out).toMatch(
    /^audit-failed {2}kpi\.daily .*expression: amount > 1: broken by 1 row\n.*published under other audits and stay/s,
  );
  house.write(
    'models/kpi/daily.sql',
    text.replace('grain: day', 'grain: day\nbatch: 1').replace('sum(amount)', 'sum(amount) / 0'),
  );
  const broken = await house.engine('run', '--threads', '1');
  expect(broken.out).toMatch(/^failed {8}kpi\.daily {2}/m);
  expect(broken.out.match(/division by zero/g)).toHaveLength(1);
});

test('a new project is right and runs as it is', async () => {
  await using folder = await testFolder();
  const root = join(folder.path, 'Shop 7');
  const engine = (...words: string[]) => start(root, {}, words).ended;
  expect((await start(folder.path, {}, ['init', 'Shop 7']).ended).code).toBe(0);
  expect((await engine('check', '--json')).out).toBe('{"problems":[]}\n');
  try {
    expect(models(JSON.parse((await engine('run', '--json')).out).steps)).toEqual([
      'raw.orders built',
      'seeds.stores built',
      'kpi.store_daily built',
    ]);
    const { tests } = JSON.parse((await engine('test', '--json')).out);
    expect(tests).toMatchObject([{ model: 'kpi.store_daily', name: 'returns_take_off', outcome: 'passed' }]);
    expect((await engine('audit')).out).toMatch(/passed {3}kpi\.store_daily {2}\(2 audits\)/);
  } finally {
    await stopCluster(clusterFolder(root));
  }
  expect((await start(folder.path, {}, ['init', 'Shop 7']).ended).code).toBe(2);
});
