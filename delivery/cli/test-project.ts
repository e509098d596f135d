import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** What a command said and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A project of a test's own in a temporary folder, and the real commands run in it as processes. */
export interface TestProject extends Disposable {
  readonly root: string;
  /** Starts `delivery ...` (or `engine ...`) and hands out the process at once. */
  start(
    program: 'delivery' | 'engine',
    args: readonly string[],
  ): { readonly process: ChildProcess; readonly ended: Promise<Ran> };
  run(program: 'delivery' | 'engine', ...args: readonly string[]): Promise<Ran>;
}

/**
 * Makes a project with one table of sales by day and store, one report on it, and `people` recipients. `env` needs
 * WAREHOUSE_URL and STATE_URL; `deliver` is the report's section, `email` what its channel has besides (`, journal: ...`),
 * `channels` lines of further ones.
 */
export function testProject(
  env: Readonly<Record<string, string>>,
  options: { readonly people: number; readonly deliver: string; readonly email?: string; readonly channels?: string },
): TestProject {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-project-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const ids = Array.from({ length: options.people }, (_, index) => `p${index + 1}`);
  write('project.yml', projectFile(options.email ?? '', options.channels ?? ''));
  write('models/kpi/store_daily.sql', model);
  write('reports/recipients.yml', recipientsFile(ids));
  write('reports/daily/report.yml', `${report}deliver:\n${options.deliver}`);
  write('reports/daily/stores.sql', stores);
  const start: TestProject['start'] = (program, args) => {
    const child = spawn(process.execPath, [join(checkout, program, 'main.mjs'), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    const ended = once(child, 'close').then(([code]) => {
      return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
    });
    return { process: child, ended };
  };
  return {
    root,
    start,
    run: (program, ...args) => start(program, args).ended,
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

const projectFile = (email: string, channels: string) => `name: shop
timezone: Asia/Kolkata
target: local
targets:
  local: { type: postgres, url: env:WAREHOUSE_URL }
state: env:STATE_URL
vars: { currency: INR }
delivery:
  test_domains: [tests.example.com]
  channels:
    email: { url: env:SMTP_URL, from: Shop <reports@shop.example.com>${email} }
    office: { kind: file-drop, path: out }
${channels}`;

const model = `/*---
materialized: table
---*/
select date '2021-12-01' + d as sale_date, 'S' || s as store, (d + s) * 1.10 as amount
from generate_series(0, 40) d, generate_series(1, 3) s
`;

const stores = 'select store, amount from kpi.store_daily where sale_date = {{ period.date }} order by store\n';

const report = `title: Daily sales
schedule: { cron: "0 8 * * *" }
datasets: { stores: stores.sql }
headline: { sales: sum(stores.amount) }
document:
  - table: { data: stores, total: [amount] }
formats: [csv, html]
`;

function recipientsFile(ids: readonly string[]): string {
  const people = ids
    .map(
      (id) =>
        `  ${id}: { name: Person ${id}, email: ${id}@example.com, phone: "+9198${id.slice(1).padStart(8, '0')}" }\n`,
    )
    .join('');
  return `recipients:\n${people}lists:\n  all: [${ids.join(', ')}]\n`;
}
