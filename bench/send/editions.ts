// Memory of a slot with many editions, from its queries to its sealing, each edition with a file of its own:
//   node bench/send/editions.ts [--editions 100,1000,10000] [--format csv]
// Each number is a process of its own; what it needed at most is the system's word (maximum resident set).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Lanes } from '../../delivery/edition/lane.ts';
import { openFolderStore } from '../../delivery/files/folder.ts';
import { openLedger } from '../../delivery/ledger/ledger.ts';
import { fillSlot } from '../../delivery/prepare/fill-slot.ts';
import { openSlot } from '../../delivery/prepare/open-slot.ts';
import { openPress } from '../../delivery/prepare/printing.ts';
import { defaultLimits } from '../../delivery/query/read-datasets.ts';
import { openRenderers } from '../../delivery/render/renderers.ts';
import { type Report, reportSchema } from '../../delivery/report/schema.ts';
import { slotAskedFor } from '../../delivery/slot/slot.ts';
import { parseYaml, sql } from '../../engine/index.ts';
import { openBenchState, say, secondsOf } from './state.ts';

const { values } = parseArgs({
  options: {
    editions: { type: 'string', default: '100,1000,10000' },
    format: { type: 'string', default: 'csv' },
    alone: { type: 'boolean', default: false },
  },
});

const reportFile = `
title: Statement
for_each: { query: editions.sql, edition_key: account }
datasets: { lines: lines.sql }
headline: { total: sum(lines.amount) }
document:
  - text: "Dear customer {{ edition.account }}, these are your sales."
  - table: { data: lines, total: [amount] }
formats: [${values.format}]
deliver:
  - { id: mail, channel: email, to: { query: people.sql }, attach: [${values.format}], body: "Your statement" }
`;

async function once(editions: number): Promise<void> {
  const read = parseYaml(reportFile, reportSchema, 'report.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const report: Report = {
    ...read.value,
    name: 'statement',
    path: 'reports/statement/report.yml',
    folder: '/',
    rules: {},
    layouts: { folder: '', texts: {} },
    sharedWords: {},
    texts: {
      'editions.sql': 'select account from kpi.accounts order by account',
      'lines.sql': 'select account, day, amount from kpi.lines where account is not null order by account, day',
      'people.sql': 'select account, account as id, email from kpi.accounts',
    },
  };
  await using state = await openBenchState();
  const { database, root } = state;
  await database.query(sql`create schema kpi`);
  await database.query(sql`
    create table kpi.accounts as select 'L' || lpad(n::text, 5, '0') as account, 'l' || n || '@example.com' as email
    from generate_series(1, ${editions}::int) n`);
  await database.query(sql`
    create table kpi.lines as select account, date '2021-12-01' + d as day, (d * 1.10)::numeric(18, 2) as amount
    from kpi.accounts, generate_series(1, 12) d`);
  const ledger = await openLedger(database, 'bench');
  await using renderers = openRenderers();
  const lanes: Lanes = new Map([['email', { name: 'email', address: 'email', split: 'whole' }]]);
  const tools = {
    ...ledger,
    warehouse: database,
    press: openPress(renderers),
    lists: new Map(),
    lanes,
    limits: { ...defaultLimits, rows: 1_000_000 },
    files: openFolderStore(root, 'files'),
    coverage: async () => new Map(),
    now: () => new Date('2021-12-22T03:00:00Z'),
    project: {
      vars: {},
      timezone: 'Asia/Kolkata',
      relations: new Map(),
      reads: () => [],
      references: () => [],
      performed: (text: string) => text,
      placed: (text: string) => text,
    },
  };
  const rule = { report: 'statement', period: 'day', timezone: 'Asia/Kolkata' } as const;
  const slot = slotAskedFor(rule, '2021-12-21', tools.now(), 'x');
  const held = await ledger.slots.open(slot, { asked: true, resend: 0 });
  const never = new AbortController().signal;
  const before = process.resourceUsage().maxRSS / 1024;
  let messages = 0;
  const seconds = await secondsOf(async () => {
    const opened = await openSlot(tools, { report, slot, held, run: 'bench', anyway: 'a measurement' }, never);
    if (opened.kind !== 'frozen') throw new Error(opened.kind);
    const frozen = (await ledger.slots.unsealed()).find(({ id }) => id === held.id) ?? held;
    messages = await fillSlot(tools, report, slot, frozen, opened.content, never);
  });
  if (messages !== editions) throw new Error(`${messages} messages of ${editions}`);
  const most = process.resourceUsage().maxRSS / 1024;
  say(
    `${`${editions}`.padStart(7)} editions  ${seconds.toFixed(1).padStart(7)} s  ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`,
  );
}

if (values.alone) await once(Number(values.editions));
else {
  for (const editions of values.editions.split(',')) {
    const words = [fileURLToPath(import.meta.url), '--alone', '--editions', editions, '--format', values.format];
    spawnSync(process.execPath, words, { stdio: 'inherit' });
  }
}
