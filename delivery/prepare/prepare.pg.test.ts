import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import type { Lanes } from '../edition/lane.ts';
import { openFolderStore } from '../files/folder.ts';
import type { Coverage } from '../gate/decide.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { claimOne } from '../ledger/test-ledger.ts';
import { defaultLimits } from '../query/read-datasets.ts';
import type { Report } from '../report/schema.ts';
import { dueSlots } from '../slot/due.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { readTicks } from '../slot/ticks.ts';
import { type FillTools, fillSlot } from './fill-slot.ts';
import { type OpenRequest, type OpenTools, openSlot } from './open-slot.ts';
import type { Press } from './press.ts';

let one: TestDatabase;
let root: string;
let ledger: Ledger;
let day = 0;
beforeAll(async () => {
  one = await testDatabase();
  root = await mkdtemp(join(tmpdir(), 'tiffin-prepare-'));
  ledger = await openLedger(one.database, 'test');
  await one.database.query(sql`create schema kpi`);
  await one.database.query(sql`create table kpi.store_daily (sale_date date, store text, amount numeric)`);
  await one.database.query(sql`create table kpi.people (id text, email text)`);
});
afterAll(async () => {
  await one[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  day += 1;
  await one.database.query(sql`truncate kpi.store_daily, kpi.people`);
  await one.database.query(sql`
    insert into kpi.store_daily select date '2021-12-01' + d, 'S' || s, d * 1.10 from generate_series(0, 30) d, generate_series(1, 3) s`);
  await one.database.query(
    sql`insert into kpi.people select 'p' || n, 'p' || n || '@example.com' from generate_series(1, 700) n`,
  );
});

const never = new AbortController().signal;
const lanes: Lanes = new Map([['email', { name: 'email', address: 'email', split: 'whole' }]]);
const covered: Coverage = new Map(
  ['kpi.store_daily', 'kpi.people'].map((model) => [model, { days: [{ from: '2021-12-01', until: '2022-01-01' }] }]),
);

/** Draws the rows as text; real documents have tests of their own. */
const press: Press = {
  sideBySide: 2,
  compose: (report, datasets) => ({
    title: report.title,
    figures: { first: datasets.get('stores')?.rows[0]?.[1] ?? null },
    words: (template, more) => `${template} ${JSON.stringify(more)}`,
    mail: (text) => `<p>${text}</p>`,
    print: async () => ({
      kind: 'right',
      bytes: new TextEncoder().encode(JSON.stringify([...datasets.values()])),
      mediaType: 'text/plain',
      extension: 'txt',
    }),
  }),
};

function report(more: Partial<Report> = {}): Report {
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

function tools(more: Partial<Pick<OpenTools, 'coverage'>> = {}): OpenTools & FillTools {
  return {
    ...ledger,
    warehouse: one.database,
    press,
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
  };
}

async function request(more: Partial<OpenRequest> = {}): Promise<OpenRequest> {
  const wanted = more.report ?? report();
  const rule = { report: wanted.name, period: 'day', timezone: 'Asia/Kolkata' } as const;
  const slot = slotAskedFor(rule, `2021-12-${String(day).padStart(2, '0')}`, new Date('2021-12-22T02:30:00Z'), 'x');
  const held = await ledger.slots.open(slot, { asked: false, resend: 0 });
  return { report: wanted, slot, held, run: 'r1', ...more };
}

async function frozen(asked: OpenRequest, given = tools()) {
  const opened = await openSlot(given, asked, never);
  if (opened.kind !== 'frozen') throw new Error(opened.kind);
  return opened.content;
}
const newest = (id: string) => ledger.slots.newest('daily_sales', id);

test('once the data is there a slot is read, frozen, filled and sealed', async () => {
  const asked = await request();
  const content = await frozen(asked);
  expect(content.datasets[0]?.rows).toHaveLength(3);
  const held = { ...asked.held, ...(await newest(asked.slot.id)) };
  expect(await fillSlot(tools(), asked.report, asked.slot, held, content, never)).toBe(700);
  expect(await newest(asked.slot.id)).toMatchObject({ state: 'sealed' });
  const [message] = await ledger.messages.list(asked.held.id);
  expect(message).toMatchObject({
    recipient: 'p1',
    channel: 'email',
    state: 'queued',
    parts: [{ files: [{ name: `Daily sales ${asked.slot.id}.txt`, format: 'pdf' }] }],
  });
});

test('a slot waits for every table that its queries read', async () => {
  const asked = await request();
  const behind = new Map([...covered, ['kpi.people', { days: [] }]]);
  expect(await openSlot(tools({ coverage: async () => behind }), asked, never)).toMatchObject({
    kind: 'waiting',
    behind: [{ model: 'kpi.people' }],
  });
  expect(await newest(asked.slot.id)).toMatchObject({ state: 'waiting' });
  const anyway = { ...asked, anyway: 'the auditors want it' };
  expect((await openSlot(tools({ coverage: async () => behind }), anyway, never)).kind).toBe('frozen');
});

test.each([
  ['notice', { kind: 'ended', state: 'given-up', tellOwners: true }],
  ['skip', { kind: 'ended', state: 'skipped', tellOwners: false }],
  ['send_late', { kind: 'waiting' }],
] as const)('after the deadline: %s', async (after_deadline, outcome) => {
  const asked = await request({ report: report({ after_deadline }) });
  const late = { ...asked, slot: { ...asked.slot, deadline: new Date('2021-12-22T02:59:59Z') } };
  expect(await openSlot(tools({ coverage: async () => new Map() }), late, never)).toMatchObject(outcome);
});

test('without rows it is sent, or not, as the report says', async () => {
  await one.database.query(sql`truncate kpi.store_daily`);
  const quiet = await request({ report: report({ on_empty: 'skip' }) });
  expect(await openSlot(tools(), quiet, never)).toMatchObject({ kind: 'ended', state: 'skipped', tellOwners: false });
  expect(await openSlot(tools(), quiet, never)).toMatchObject({ kind: 'ended' });
  day += 1;
  expect((await openSlot(tools(), await request(), never)).kind).toBe('frozen');
});

test('two who open a slot at once go on from one content', async () => {
  const asked = await request();
  const contents = await Promise.all([frozen({ ...asked, run: 'r1' }), frozen({ ...asked, run: 'r2' })]);
  expect(contents[0]).toEqual(contents[1]);
});

test('a crash while filling is gone on from with what was frozen: nobody twice, nobody lost (lightdash 16251)', async () => {
  const asked = await request();
  const content = await frozen(asked);
  let calls = 0;
  const crashing: FillTools = {
    ...tools(),
    messages: {
      async add(...args) {
        calls += 1;
        if (calls === 2) throw new Error('killed');
        return ledger.messages.add(...args);
      },
    },
  };
  await expect(fillSlot(crashing, asked.report, asked.slot, asked.held, content, never)).rejects.toThrow('killed');
  expect(await ledger.messages.list(asked.held.id)).toHaveLength(500);
  expect(await claimOne(ledger, 'email', asked.held.id)).toBeUndefined();

  // Meanwhile data, people and the report itself change; what was frozen does not.
  await one.database.query(sql`truncate kpi.people`);
  await one.database.query(sql`update kpi.store_daily set amount = 0`);
  const again = await request();
  const same = await frozen(again);
  expect(same).toEqual(content);
  expect(await fillSlot(tools(), again.report, again.slot, again.held, same, never)).toBe(200);
  const messages = await ledger.messages.list(asked.held.id);
  expect(messages).toHaveLength(700);
  expect(new Set(messages.map(({ recipient }) => recipient)).size).toBe(700);
  expect(new Set(messages.flatMap(({ parts }) => parts.map(({ files }) => files[0]?.sha256))).size).toBe(1);
});

test('a report that is edited while its files are made is made to its end as it was', async () => {
  const texts = {
    ...report().texts,
    'each.sql': 'select store from kpi.store_daily where sale_date = {{ period.date }}',
  };
  const to = { query: 'people.sql', editions: 'all' } as const;
  const deliver = [{ id: 'all', channel: ['email'], to, attach: ['pdf'], body: 'Hello' }] satisfies Report['deliver'];
  const lettered = report({ texts, for_each: { query: 'each.sql', edition_key: 'store' }, deliver });
  const asked = await request({ report: lettered });
  const content = await frozen(asked);
  const crashing: FillTools = {
    ...tools(),
    editions: {
      ...ledger.editions,
      async addFile(id, edition, file) {
        if (edition === 'S2') throw new Error('killed');
        return ledger.editions.addFile(id, edition, file);
      },
    },
  };
  await expect(fillSlot(crashing, lettered, asked.slot, asked.held, content, never)).rejects.toThrow('killed');

  // Another title, other people by another channel, other files, no editions any more.
  const other = [{ ...deliver[0], id: 'other', channel: ['fax'], attach: [], to: { list: 'nobody' } }];
  const edited = report({ title: 'Edited', deliver: other as Report['deliver'], texts: {} });
  const again = { ...asked, report: edited, held: (await newest(asked.slot.id)) ?? asked.held };
  const same = await frozen(again);
  expect(await fillSlot(tools(), edited, asked.slot, again.held, same, never)).toBe(3 * 700);
  const messages = await ledger.messages.list(asked.held.id);
  expect(
    new Set(messages.map(({ entry, channel, recipient, edition }) => `${entry} ${channel} ${recipient} ${edition}`))
      .size,
  ).toBe(2_100);
  expect(new Set(messages.flatMap(({ entry, channel }) => [entry, channel]))).toEqual(new Set(['all', 'email']));
  const names = new Set(messages.flatMap(({ parts }) => parts.flatMap(({ files }) => files.map(({ name }) => name))));
  expect(names).toEqual(new Set(['S1', 'S2', 'S3'].map((key) => `Daily sales ${asked.slot.id} ${key}.txt`)));
});

test('a file whose figures are wrong lets nothing leave', async () => {
  const asked = await request();
  const content = await frozen(asked);
  const problems = [{ file: 'a.pdf', severity: 'error', code: 'figure', message: 'row 1 says 2' }] as const;
  const wrong: Press = {
    ...press,
    compose: (...args) => ({
      ...press.compose(...args),
      print: async () => ({ kind: 'wrong', problems, bytes: new Uint8Array(), mediaType: 'x/y', extension: 'pdf' }),
    }),
  };
  await expect(
    fillSlot({ ...tools(), press: wrong }, asked.report, asked.slot, asked.held, content, never),
  ).rejects.toThrow(/does not say what the data says/);
  expect(await ledger.messages.list(asked.held.id)).toEqual([]);

  // Nothing has left, so a mended query is read anew.
  expect(await newest(asked.slot.id)).toMatchObject({ state: 'waiting', frozen: undefined });
  await one.database.query(sql`update kpi.store_daily set amount = 7`);
  const mended = await frozen(await request());
  expect(mended.datasets[0]?.rows[0]).toEqual(['S1', '7']);
});

test('a slot that fails again and again recovers by itself, once, and with no storm of the days between (metabase 55723)', async () => {
  const rule = { report: 'daily_sales', period: 'day', timezone: 'Asia/Kolkata' } as const;
  const slot = slotAskedFor(rule, '2021-12-21', new Date('2021-12-22T02:30:00Z'), 'x');
  const asked = await request({ slot, held: await ledger.slots.open(slot, { asked: false, resend: 0 }) });
  const broken: Press = {
    ...press,
    compose: (...args) => ({
      ...press.compose(...args),
      print: async () => ({ kind: 'unavailable', reason: 'no browser', hint: 'install one' }),
    }),
  };
  const now = async () => (await ledger.slots.unsealed()).find(({ id }) => id === asked.held.id);
  for (let round = 0; round < 4; round += 1) {
    const held = await now();
    if (held === undefined) throw new Error('the slot is gone');
    const content = await frozen({ ...asked, held });
    const filled = fillSlot({ ...tools(), press: broken }, asked.report, asked.slot, held, content, never);
    await expect(filled).rejects.toThrow('no browser');
    await ledger.slots.failed(held.id, 'no browser');
  }
  // The schedule knows the slot and opens it no second time, nor anything before it.
  const history = await ledger.slots.history('daily_sales', asked.slot.tick);
  expect(history.holds(asked.slot.id)).toBe(true);
  expect(dueSlots(rule, readTicks('0 8 * * *', 'Asia/Kolkata'), 'latest', history, asked.slot.tick)).toEqual([]);

  const held = (await now()) ?? asked.held;
  expect(await fillSlot(tools(), asked.report, asked.slot, held, await frozen({ ...asked, held }), never)).toBe(700);
  expect(await now()).toBeUndefined();
  expect(await ledger.messages.list(asked.held.id)).toHaveLength(700);
});

test('a report with editions makes a file for each, and gives each to its own people', async () => {
  const store = { query: 'editions.sql', edition_key: 'store' };
  const wanted = report({ for_each: store });
  const texts = {
    ...wanted.texts,
    'editions.sql': 'select distinct store from kpi.store_daily where sale_date = {{ period.date }} order by store',
    'people.sql': `select 'S' || right(id, 1) as store, id, email from kpi.people where id in ('p1', 'p2', 'p4')`,
  };
  const asked = await request({ report: { ...wanted, texts } });
  const content = await frozen(asked);
  expect(content.editions.map(({ key }) => key)).toEqual(['S1', 'S2', 'S3']);
  expect(content.messages.map(({ edition, recipient }) => `${edition} ${recipient.id}`)).toEqual(['S1 p1', 'S2 p2']);
  const held = { ...asked.held, ...(await newest(asked.slot.id)) };
  expect(await fillSlot(tools(), asked.report, asked.slot, held, content, never)).toBe(2);
  const messages = await ledger.messages.list(asked.held.id);
  expect(messages.flatMap(({ parts }) => parts.flatMap(({ files }) => files.map(({ name }) => name))).sort()).toEqual([
    `Daily sales ${asked.slot.id} S1.txt`,
    `Daily sales ${asked.slot.id} S2.txt`,
  ]);
});

test('an audience that does not say who gets which edition is refused, unless everybody is meant to get every one', async () => {
  const wanted = report({ for_each: { query: 'editions.sql', edition_key: 'store' } });
  const texts = {
    ...wanted.texts,
    'editions.sql': 'select distinct store from kpi.store_daily where sale_date = {{ period.date }} order by store',
    'people.sql': `select id, email from kpi.people where id in ('p1', 'p2')`,
  };
  await expect(frozen(await request({ report: { ...wanted, texts } }))).rejects.toThrow(
    'deliver "all": people.sql does not say by store who gets which edition',
  );
  const deliver = wanted.deliver.map((entry) => ({ ...entry, to: { ...entry.to, editions: 'all' as const } }));
  const content = await frozen(await request({ report: { ...wanted, texts, deliver } }));
  expect(content.messages).toHaveLength(2 * content.editions.length);
});
