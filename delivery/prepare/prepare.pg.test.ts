import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { claimOne } from '../ledger/test-ledger.ts';
import type { Report } from '../report/schema.ts';
import { dueSlots } from '../slot/due.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { readTicks } from '../slot/ticks.ts';
import { type FillTools, fillSlot } from './fill-slot.ts';
import { openSlot } from './open-slot.ts';
import type { Press } from './press.ts';
import { covered, never, openTestPrepare, type TestPrepare, testPress, testReport, wholeOf } from './test-prepare.ts';

let state: TestDatabase;
let house: TestPrepare;
beforeAll(async () => {
  state = await testDatabase();
  house = await openTestPrepare(state.database);
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});
beforeEach(() => house.nextDay());

const newest = (id: string) => house.ledger.slots.newest('daily_sales', id);

test('once the data is there a slot is read, frozen, filled and sealed', async () => {
  const asked = await house.request();
  const content = await house.frozen(asked);
  expect((await wholeOf(content)).rows).toHaveLength(3);
  const held = { ...asked.held, ...(await newest(asked.slot.id)) };
  expect(await fillSlot(house.tools(), asked.report, asked.slot, held, content, never)).toBe(700);
  expect(await newest(asked.slot.id)).toMatchObject({ state: 'sealed' });
  const [message] = await house.ledger.messages.list(asked.held.id);
  expect(message).toMatchObject({
    recipient: 'p1',
    channel: 'email',
    state: 'queued',
    parts: [{ files: [{ name: `Daily sales ${asked.slot.id}.txt`, format: 'pdf' }] }],
  });
});

test('a slot waits for every table that its queries read', async () => {
  const asked = await house.request();
  const behind = new Map([...covered, ['kpi.people', { days: [] }]]);
  expect(await openSlot(house.tools({ coverage: async () => behind }), asked, never)).toMatchObject({
    kind: 'waiting',
    behind: [{ model: 'kpi.people' }],
  });
  expect(await newest(asked.slot.id)).toMatchObject({ state: 'waiting' });
  const anyway = { ...asked, anyway: 'the auditors want it' };
  expect((await openSlot(house.tools({ coverage: async () => behind }), anyway, never)).kind).toBe('frozen');
});

test.each([
  ['notice', { kind: 'ended', state: 'given-up', tellOwners: true }],
  ['skip', { kind: 'ended', state: 'skipped', tellOwners: false }],
  ['send_late', { kind: 'waiting' }],
] as const)('after the deadline: %s', async (after_deadline, outcome) => {
  const asked = await house.request({ report: testReport({ after_deadline }) });
  const late = { ...asked, slot: { ...asked.slot, deadline: new Date('2021-12-22T02:59:59Z') } };
  expect(await openSlot(house.tools({ coverage: async () => new Map() }), late, never)).toMatchObject(outcome);
});

test('without rows it is sent, or not, as the report says', async () => {
  await house.database.query(sql`truncate kpi.store_daily`);
  const quiet = await house.request({ report: testReport({ on_empty: 'skip' }) });
  expect(await openSlot(house.tools(), quiet, never)).toMatchObject({
    kind: 'ended',
    state: 'skipped',
    tellOwners: false,
  });
  expect(await openSlot(house.tools(), quiet, never)).toMatchObject({ kind: 'ended' });
  await house.nextDay();
  await house.database.query(sql`truncate kpi.store_daily`);
  expect((await openSlot(house.tools(), await house.request(), never)).kind).toBe('frozen');
});

test('two who open a slot at once go on from one content', async () => {
  const asked = await house.request();
  const contents = await Promise.all([house.frozen({ ...asked, run: 'r1' }), house.frozen({ ...asked, run: 'r2' })]);
  expect(contents[0]?.sha256).toBe(contents[1]?.sha256);
});

test('a crash while filling is gone on from with what was frozen: nobody twice, nobody lost (lightdash 16251)', async () => {
  const asked = await house.request();
  const content = await house.frozen(asked);
  let calls = 0;
  const crashing: FillTools = {
    ...house.tools(),
    messages: {
      async add(...args) {
        calls += 1;
        if (calls === 2) throw new Error('killed');
        return house.ledger.messages.add(...args);
      },
    },
  };
  await expect(fillSlot(crashing, asked.report, asked.slot, asked.held, content, never)).rejects.toThrow('killed');
  expect(await house.ledger.messages.list(asked.held.id)).toHaveLength(100);
  expect(await claimOne(house.ledger, 'email', asked.held.id)).toBeUndefined();

  // Meanwhile data, people and the report itself change; what was frozen does not.
  await house.database.query(sql`truncate kpi.people`);
  await house.database.query(sql`update kpi.store_daily set amount = 0`);
  const again = await house.request();
  const same = await house.frozen(again);
  expect(same.sha256).toBe(content.sha256);
  expect(await fillSlot(house.tools(), again.report, again.slot, again.held, same, never)).toBe(600);
  const messages = await house.ledger.messages.list(asked.held.id);
  expect(messages).toHaveLength(700);
  expect(new Set(messages.map(({ recipient }) => recipient)).size).toBe(700);
  expect(new Set(messages.flatMap(({ parts }) => parts.map(({ files }) => files[0]?.sha256))).size).toBe(1);
});

test('a report that is edited while its files are made is made to its end as it was', async () => {
  const texts = {
    ...testReport().texts,
    'each.sql': 'select store from kpi.store_daily where sale_date = {{ period.date }}',
  };
  const to = { query: 'people.sql', editions: 'all' } as const;
  const deliver = [{ id: 'all', channel: ['email'], to, attach: ['pdf'], body: 'Hello' }] satisfies Report['deliver'];
  const lettered = testReport({ texts, for_each: { query: 'each.sql', edition_key: 'store' }, deliver });
  const asked = await house.request({ report: lettered });
  const content = await house.frozen(asked);
  const crashing: FillTools = {
    ...house.tools(),
    editions: {
      ...house.ledger.editions,
      async addFile(id, edition, ...file) {
        if (edition === 'S2') throw new Error('killed');
        return house.ledger.editions.addFile(id, edition, ...file);
      },
    },
  };
  await expect(fillSlot(crashing, lettered, asked.slot, asked.held, content, never)).rejects.toThrow('killed');

  // Another title, other people by another channel, other files, no editions any more.
  const other = [{ ...deliver[0], id: 'other', channel: ['fax'], attach: [], to: { list: 'nobody' } }];
  const edited = testReport({ title: 'Edited', deliver: other as Report['deliver'], texts: {} });
  const again = { ...asked, report: edited, held: (await newest(asked.slot.id)) ?? asked.held };
  const same = await house.frozen(again);
  expect(await fillSlot(house.tools(), edited, asked.slot, again.held, same, never)).toBe(3 * 700);
  const messages = await house.ledger.messages.list(asked.held.id);
  expect(
    new Set(messages.map(({ entry, channel, recipient, edition }) => `${entry} ${channel} ${recipient} ${edition}`))
      .size,
  ).toBe(2_100);
  expect(new Set(messages.flatMap(({ entry, channel }) => [entry, channel]))).toEqual(new Set(['all', 'email']));
  const names = new Set(messages.flatMap(({ parts }) => parts.flatMap(({ files }) => files.map(({ name }) => name))));
  expect(names).toEqual(new Set(['S1', 'S2', 'S3'].map((key) => `Daily sales ${asked.slot.id} ${key}.txt`)));
});

test('one edition in two locales: killed between them, the next makes the second only', async () => {
  const abroad = "select id, email, case when id = 'p1' then 'en-US' end as locale from kpi.people order by id";
  const report = testReport({ texts: { ...testReport().texts, 'people.sql': abroad } });
  const asked = await house.request({ report });
  const content = await house.frozen(asked);
  const made: (string | undefined)[] = [];
  const filling = (most: number): FillTools => ({
    ...house.tools(),
    editions: {
      ...house.ledger.editions,
      async addFile(id, edition, file, ...more) {
        if (made.length === most) throw new Error('killed');
        made.push(file.locale);
        return house.ledger.editions.addFile(id, edition, file, ...more);
      },
    },
  });
  await expect(fillSlot(filling(1), report, asked.slot, asked.held, content, never)).rejects.toThrow('killed');
  expect(await fillSlot(filling(9), report, asked.slot, asked.held, content, never)).toBe(700);
  expect(made).toEqual([undefined, 'en-US']);
  const messages = await house.ledger.messages.list(asked.held.id);
  const names = Map.groupBy(messages, ({ parts }) => parts[0]?.files[0]?.name);
  expect([...names].map(([name, some]) => [name, some.length]).sort()).toEqual([
    [`Daily sales ${asked.slot.id}.txt`, 699],
    [`Daily sales en-US ${asked.slot.id}.txt`, 1],
  ]);
});

test('a file whose figures are wrong lets nothing leave', async () => {
  const asked = await house.request();
  const content = await house.frozen(asked);
  const problems = [{ file: 'a.pdf', severity: 'error', code: 'figure', message: 'row 1 says 2' }] as const;
  const wrong: Press = {
    ...testPress,
    compose: (...args) => ({
      ...testPress.compose(...args),
      print: async () => ({ kind: 'wrong', problems, bytes: new Uint8Array(), mediaType: 'x/y', extension: 'pdf' }),
    }),
  };
  await expect(
    fillSlot({ ...house.tools(), press: wrong }, asked.report, asked.slot, asked.held, content, never),
  ).rejects.toThrow(/does not say what the data says/);
  expect(await house.ledger.messages.list(asked.held.id)).toEqual([]);

  // Nothing has left, so a mended query is read anew.
  expect(await newest(asked.slot.id)).toMatchObject({ state: 'waiting', frozen: undefined });
  await house.database.query(sql`update kpi.store_daily set amount = 7`);
  const mended = await house.frozen(await house.request());
  expect((await wholeOf(mended)).rows[0]).toEqual(['S1', '7']);
});

test('a slot that fails again and again recovers by itself, once, and with no storm of the days between (metabase 55723)', async () => {
  const rule = { report: 'daily_sales', period: 'day', timezone: 'Asia/Kolkata' } as const;
  const slot = slotAskedFor(rule, '2021-12-21', new Date('2021-12-22T02:30:00Z'), 'x');
  const asked = await house.request({ slot, held: await house.ledger.slots.open(slot, { asked: false, resend: 0 }) });
  const broken: Press = {
    ...testPress,
    compose: (...args) => ({
      ...testPress.compose(...args),
      print: async () => ({ kind: 'unavailable', reason: 'no browser', hint: 'install one' }),
    }),
  };
  const now = async () => (await house.ledger.slots.unsealed()).find(({ id }) => id === asked.held.id);
  for (let round = 0; round < 4; round += 1) {
    const held = await now();
    if (held === undefined) throw new Error('the slot is gone');
    const content = await house.frozen({ ...asked, held });
    const filled = fillSlot({ ...house.tools(), press: broken }, asked.report, asked.slot, held, content, never);
    await expect(filled).rejects.toThrow('no browser');
    await house.ledger.slots.failed(held.id, 'no browser');
  }
  // The schedule knows the slot and opens it no second time, nor anything before it.
  const history = await house.ledger.slots.history('daily_sales', asked.slot.tick);
  expect(history.holds(asked.slot.id)).toBe(true);
  expect(dueSlots(rule, readTicks('0 8 * * *', 'Asia/Kolkata'), 'latest', history, asked.slot.tick)).toEqual([]);

  const held = (await now()) ?? asked.held;
  expect(
    await fillSlot(house.tools(), asked.report, asked.slot, held, await house.frozen({ ...asked, held }), never),
  ).toBe(700);
  expect(await now()).toBeUndefined();
  expect(await house.ledger.messages.list(asked.held.id)).toHaveLength(700);
});

test('a report with editions makes a file for each, and gives each to its own people', async () => {
  const store = { query: 'editions.sql', edition_key: 'store' };
  const wanted = testReport({ for_each: store });
  const texts = {
    ...wanted.texts,
    'editions.sql': 'select distinct store from kpi.store_daily where sale_date = {{ period.date }} order by store',
    'people.sql': `select 'S' || right(id, 1) as store, id, email from kpi.people where id in ('p1', 'p2', 'p4')`,
  };
  const asked = await house.request({ report: { ...wanted, texts } });
  const content = await house.frozen(asked);
  expect(content.keys).toEqual(['S1', 'S2', 'S3']);
  const { messages: planned } = await wholeOf(content);
  expect(planned.map(({ edition, recipient }) => `${edition} ${recipient.id}`)).toEqual(['S1 p1', 'S2 p2']);
  const held = { ...asked.held, ...(await newest(asked.slot.id)) };
  expect(await fillSlot(house.tools(), asked.report, asked.slot, held, content, never)).toBe(2);
  const messages = await house.ledger.messages.list(asked.held.id);
  expect(messages.flatMap(({ parts }) => parts.flatMap(({ files }) => files.map(({ name }) => name))).sort()).toEqual([
    `Daily sales ${asked.slot.id} S1.txt`,
    `Daily sales ${asked.slot.id} S2.txt`,
  ]);
});

test('an audience that does not say who gets which edition is refused, unless everybody is meant to get every one', async () => {
  const wanted = testReport({ for_each: { query: 'editions.sql', edition_key: 'store' } });
  const texts = {
    ...wanted.texts,
    'editions.sql': 'select distinct store from kpi.store_daily where sale_date = {{ period.date }} order by store',
    'people.sql': `select id, email from kpi.people where id in ('p1', 'p2')`,
  };
  await expect(house.frozen(await house.request({ report: { ...wanted, texts } }))).rejects.toThrow(
    'deliver "all": people.sql does not say by store who gets which edition',
  );
  const deliver = wanted.deliver.map((entry) => ({ ...entry, to: { ...entry.to, editions: 'all' as const } }));
  const content = await house.frozen(await house.request({ report: { ...wanted, texts, deliver } }));
  expect((await wholeOf(content)).messages).toHaveLength(2 * content.keys.length);
});
