import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, sql } from '#engine';
import type { Lanes } from '../edition/lane.ts';
import { openFolderStore } from '../files/folder.ts';
import type { Coverage } from '../gate/decide.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { defaultLimits } from '../query/read-datasets.ts';
import type { Report } from '../report/schema.ts';
import { slotAskedFor } from '../slot/slot.ts';
import type { SlotContent } from './content.ts';
import type { FillTools } from './fill-slot.ts';
import { type OpenRequest, type OpenTools, openSlot } from './open-slot.ts';
import type { Press } from './press.ts';

export const never = new AbortController().signal;
const lanes: Lanes = new Map([['email', { name: 'email', address: 'email', split: 'whole' }]]);
export const covered: Coverage = new Map(
  ['kpi.store_daily', 'kpi.people'].map((model) => [model, { days: [{ from: '2021-12-01', until: '2022-01-01' }] }]),
);

/** A press that draws the rows as text; real documents have tests of their own. */
export const testPress: Press = {
  sideBySide: 2,
  compose: (report, datasets, { locale }) => ({
    title: [report.title, locale].filter((word) => word !== undefined).join(' '),
    figures: { first: datasets.get('stores')?.rows[0]?.[1] ?? null },
    words: (template, more) => `${template} ${JSON.stringify(more)}`,
    pieces: () => [],
    mail: (text) => `<p>${text}</p>`,
    print: async () => ({
      kind: 'right',
      bytes: new TextEncoder().encode(JSON.stringify([...datasets.values()])),
      mediaType: 'text/plain',
      extension: 'txt',
    }),
  }),
};

export function testReport(more: Partial<Report> = {}): Report {
  return {
    name: 'daily_sales',
    title: 'Daily sales',
    path: 'reports/daily_sales/report.yml',
    folder: '/',
    layouts: { folder: 'reports/layouts', texts: {} },
    sharedWords: {},
    texts: {
      'stores.sql': 'select store, amount from kpi.store_daily where sale_date = {{ period.date }} order by store',
      'people.sql': 'select id, email from kpi.people order by id',
    },
    rules: {},
    period: 'day',
    after_deadline: 'notice',
    backlog: 'latest',
    on_empty: 'send',
    on_holiday: 'send',
    datasets: { stores: { query: 'stores.sql' } },
    words: {},
    headline: {},
    document: [{ text: 'x' }],
    notes: [],
    formats: ['pdf'],
    deliver: [{ id: 'all', channel: ['email'], to: { query: 'people.sql' }, attach: ['pdf'], body: 'Hello' }],
    owners: [],
    ...more,
  };
}

/** A ledger, a warehouse with three stores and 700 people, and a file store. */
export interface TestPrepare extends AsyncDisposable {
  /** Both the warehouse and the ledger's; its opener's to close. */
  readonly database: Database;
  readonly ledger: Ledger;
  /** Where the files are. */
  readonly folder: string;
  /** Goes on to another day, with the rows and people that there are at first. */
  nextDay(): Promise<void>;
  tools(more?: Partial<Pick<OpenTools, 'coverage' | 'files'>>): OpenTools & FillTools;
  /** The day's slot, opened. */
  request(more?: Partial<OpenRequest>): Promise<OpenRequest>;
  frozen(asked: OpenRequest, given?: OpenTools): Promise<SlotContent>;
}

export async function openTestPrepare(database: Database): Promise<TestPrepare> {
  const root = await mkdtemp(join(tmpdir(), 'tiffin-prepare-'));
  const ledger = await openLedger(database, 'test');
  await database.query(sql`create schema kpi`);
  await database.query(sql`create table kpi.store_daily (sale_date date, store text, amount numeric)`);
  await database.query(sql`create table kpi.people (id text, email text)`);
  let day = 0;
  const tools: TestPrepare['tools'] = (more = {}) => ({
    ...ledger,
    warehouse: database,
    press: testPress,
    lists: new Map(),
    lanes,
    limits: defaultLimits,
    files: openFolderStore(root, 'files'),
    coverage: async () => covered,
    now: () => new Date('2021-12-22T03:00:00Z'),
    project: {
      vars: {},
      timezone: 'Asia/Kolkata',
      relations: new Map([...covered.keys()].map((name) => [name, {}])),
      performed: (text) => text,
      reads: (text) => [...text.matchAll(/kpi\.\w+/g)].map(([name]) => name),
      references: () => [],
      placed: (sql) => sql,
    },
    ...more,
  });
  return {
    database,
    ledger,
    folder: join(root, 'files'),
    tools,

    async nextDay() {
      day += 1;
      await database.query(sql`truncate kpi.store_daily, kpi.people`);
      await database.query(sql`
        insert into kpi.store_daily
        select date '2021-12-01' + d, 'S' || s, d * 1.10 from generate_series(0, 30) d, generate_series(1, 3) s`);
      await database.query(sql`
        insert into kpi.people select 'p' || n, 'p' || n || '@example.com' from generate_series(1, 700) n`);
    },

    async request(more = {}) {
      const wanted = more.report ?? testReport();
      const rule = { report: wanted.name, period: 'day', timezone: 'Asia/Kolkata' } as const;
      const slot = slotAskedFor(rule, `2021-12-${String(day).padStart(2, '0')}`, new Date('2021-12-22T02:30:00Z'), 'x');
      const held = await ledger.slots.open(slot, { asked: false, resend: 0 });
      return { report: wanted, slot, held, run: 'r1', ...more };
    },

    async frozen(asked, given = tools()) {
      const opened = await openSlot(given, asked, never);
      if (opened.kind !== 'frozen') throw new Error(opened.kind);
      return opened.content;
    },

    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

/** All of a content, as it is handed out in chunks. */
export async function wholeOf(content: SlotContent) {
  const editions = (await Array.fromAsync(content.editions())).flatMap((chunk) => chunk.editions);
  const rows = (await Array.fromAsync(content.editions())).flatMap((chunk) =>
    chunk.datasets.flatMap((dataset) => dataset.rows),
  );
  const chunks = await Array.fromAsync(content.messages());
  return { editions, rows, messages: chunks.flatMap(({ messages }) => messages) };
}
