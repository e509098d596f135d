import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showProblem } from '../fault.ts';
import { readDags } from './dag.ts';

function read(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-dags-'));
  mkdirSync(join(root, 'dags'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'dags', `${name}.yml`), text);
  const paths = Object.keys(files).map((name) => `dags/${name}.yml`);
  const { dags, problems } = readDags(root, paths);
  return { dags, said: problems.map(showProblem) };
}

const cron = 'schedule: { cron: "45 1 * * *" }\nselect: "*"\n';

test('all that a dag may say', () => {
  const { dags, said } = read({
    raw: cron,
    daily: `schedule: { cron: "45 1 * * *", timezone: Asia/Kolkata }
select: tag:daily+
exclude: path:models/slow
start: 2026-11-01
retries: { attempts: 5, backoff: 30m..1m }
deadline: 2h
on_failure: [email:data-team, webhook:env:ALERT_URL]
pools: [redshift]
depends_on: [raw]
catch_up: 7
concurrency: 2
paused: true
`,
  });
  expect(said).toEqual([]);
  expect(dags.get('daily')).toEqual({
    name: 'daily',
    path: 'dags/daily.yml',
    placeOf: expect.any(Function),
    description: '',
    cron: '45 1 * * *',
    timezone: 'Asia/Kolkata',
    start: '2026-11-01',
    select: 'tag:daily+',
    exclude: 'path:models/slow',
    paused: true,
    catchUp: 7,
    concurrency: 2,
    pools: ['redshift'],
    dependsOn: ['raw'],
    retries: { attempts: 5, backoff: { from: 60_000, until: 1_800_000 } },
    deadline: 7_200_000,
    onFailure: ['email:data-team', 'webhook:env:ALERT_URL'],
  });
  expect(dags.get('raw')).toMatchObject({ catchUp: 1, concurrency: 1, retries: { attempts: 3 }, paused: false });
});

test('every mistake is named with its line and the nearest right word', () => {
  const { said } = read({
    'bad-cron': 'schedule: { cron: "0 25 * * *" }\nselect: "*"\n',
    zone: 'schedule: { cron: "0 5 * * *", timezone: Asia/Kolkatta }\nselect: "*"\n',
    key: `${cron}retires: { attempts: 2 }\n`,
    webhook: `${cron}on_failure: ["https://hooks.example.com/secret"]\n`,
    waits: `${cron}depends_on: [zonne]\n`,
    one: `${cron}depends_on: [two]\n`,
    two: `${cron}depends_on: [three]\n`,
    three: `${cron}depends_on: [one]\n`,
  });
  const all = said.join('\n');
  expect(all).toMatch(/dags\/bad-cron.yml:1:\d+ .*25/);
  expect(all).toMatch(/dags\/zone.yml:1:\d+ .*not a known time zone/);
  expect(all).toMatch(/dags\/key.yml:3:1 .*unknown key "retires".*\n.*"retries"/);
  expect(all).toMatch(/dags\/webhook.yml:3:\d+ .*webhook:env:ALERT_URL/);
  expect(all).toMatch(/dags\/waits.yml:3:\d+ .*there is no dag zonne.*\n.*"zone"/);
  expect(all).toMatch(/dags\/one.yml:3:\d+ .*one -> two -> three -> one/);
  expect(said).toHaveLength(6);
});
