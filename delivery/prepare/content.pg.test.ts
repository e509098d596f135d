import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { openFolderStore } from '../files/folder.ts';
import { claimOne } from '../ledger/test-ledger.ts';
import type { Report } from '../report/schema.ts';
import { fillSlot } from './fill-slot.ts';
import { never, openTestPrepare, type TestPrepare, testReport, wholeOf } from './test-prepare.ts';

let state: TestDatabase;
let house: TestPrepare;
beforeEach(async () => {
  state = await testDatabase();
  house = await openTestPrepare(state.database);
  await house.nextDay();
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const soon = () => new Date(Date.now() + 60_000);

/** A letter to each of 700 people, with a row of their own each and all stores' rows. */
function letters(): Report {
  return testReport({
    texts: {
      ...testReport().texts,
      'own.sql': 'select id, email as said from kpi.people order by id desc',
      'each.sql': 'select id from kpi.people order by length(id), id',
    },
    for_each: { query: 'each.sql', edition_key: 'id' },
    datasets: { stores: { query: 'stores.sql', editions: 'all' }, own: { query: 'own.sql' } },
  });
}

async function filesThere(): Promise<string[]> {
  const all = await readdir(house.folder, { recursive: true });
  return all.filter((path) => path.includes('/')).map((path) => path.split('/')[1] ?? '');
}

/** What retention lets go of: slots that have ended, and strays. */
async function purge(): Promise<void> {
  const { purge: ledger } = house.ledger;
  const { files } = house.tools();
  for (let slot = await ledger.one(soon()); slot !== undefined; slot = await ledger.one(soon()))
    for (const sha256 of slot.files) await files.remove(sha256);
  for (const sha256 of await ledger.strays(soon())) await files.remove(sha256);
}

test('a slot is frozen in chunks: each edition with its own rows and those of all, each message once', async () => {
  const content = await house.frozen(await house.request({ report: letters() }));
  const chunks = await Array.fromAsync(content.editions());
  expect(chunks).toHaveLength(14);
  expect(chunks.flatMap(({ editions }) => editions.map(({ edition }) => edition.key))).toEqual(content.keys);
  expect(chunks[0]?.datasets.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['stores', 3],
    ['own', 50],
  ]);
  expect(chunks[0]?.editions.at(-1)).toEqual({ edition: { key: 'p50', fields: { id: 'p50' } }, formats: ['pdf'] });
  const { messages } = await wholeOf(content);
  expect(messages.map(({ edition }) => edition)).toEqual(content.keys);
  expect(new Set(await filesThere())).toEqual(new Set(content.files));
});

test('a planner killed between two chunks: the next begins anew, and retention takes away what the first left', async () => {
  const asked = await house.request({ report: letters() });
  const store = house.tools().files;
  const killed = Promise.withResolvers<void>();
  let puts = 0;
  const files = {
    ...store,
    // From its fourth file on the disk answers no more, as far as this planner can see.
    put: (bytes: Uint8Array) => {
      puts += 1;
      if (puts < 4) return store.put(bytes);
      killed.resolve();
      return new Promise<never>(() => {});
    },
  };
  void house.frozen(asked, house.tools({ files }));
  await killed.promise;
  expect(await house.ledger.slots.newest('daily_sales', asked.slot.id)).toMatchObject({ frozen: undefined });
  const left = await filesThere();
  expect(left).toHaveLength(3);

  await house.database.query(sql`update kpi.people set email = 'new' || email`);
  const content = await house.frozen(asked);
  expect(content.files.filter((name) => left.includes(name))).toEqual([]);
  expect(await fillSlot(house.tools(), asked.report, asked.slot, asked.held, content, never)).toBe(700);
  const claim = await claimOne(house.ledger, 'email');
  expect(claim?.part.address).toBe('newp1@example.com');

  await house.database.query(sql`update delivery_test.parts set state = 'cancelled'`);
  await purge();
  expect(await filesThere()).toEqual([]);
});

test('what fails half-way leaves no file, and what a withdrawn slot left is found by retention', async () => {
  const asked = await house.request({ report: letters() });
  const { press } = house.tools();
  const breaking = {
    ...house.tools(),
    press: {
      ...press,
      compose: (...args: Parameters<typeof press.compose>) => {
        if (args[2].edition.key === 'p400') throw new Error('broken');
        return press.compose(...args);
      },
    },
  };
  await expect(house.frozen(asked, breaking)).rejects.toThrow('broken');
  expect(await filesThere()).toEqual([]);
  const { sha256 } = await house.tools().files.put(new Uint8Array([1]));
  const slot = { ...asked.slot, id: 'asked/1' };
  const { id } = await house.ledger.slots.open(slot, { asked: true, resend: 0 });
  await house.ledger.slots.noteFile(id, sha256);
  await house.ledger.slots.withdraw(id);
  await purge();
  expect(await filesThere()).toEqual([]);
});

test('a damaged chunk is found and named; as long as nobody has a message, the slot is read anew', async () => {
  const asked = await house.request({ report: letters() });
  const content = await house.frozen(asked);
  const names = content.files.filter((name) => name !== content.sha256);
  const path = join(house.folder, names[1]?.slice(0, 2) ?? '', names[1] ?? '');
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(1));
  const fill = () => fillSlot(house.tools(), asked.report, asked.slot, asked.held, content, never);
  await expect(fill()).rejects.toThrow(
    /what daily_sales 2021-12-01, editions p51 to p100 was frozen to cannot be read: .* was changed/,
  );
  expect(await house.ledger.slots.newest('daily_sales', asked.slot.id)).toMatchObject({ state: 'waiting' });
  expect(await filesThere()).not.toContain(content.sha256);

  // Once messages are held nothing is read anew: it waits for the right file.
  const again = await house.frozen(asked);
  const texts = again.files.at(-1) ?? '';
  const textsPath = join(house.folder, texts.slice(0, 2), texts);
  const right = await readFile(textsPath);
  await rm(textsPath);
  const refill = () => fillSlot(house.tools(), asked.report, asked.slot, asked.held, again, never);
  await expect(refill()).rejects.toThrow(/messages of editions p601 to p700 .* is not in the file store/);
  expect(await claimOne(house.ledger, 'email')).toBeUndefined();
  await writeFile(textsPath, right);
  expect(await refill()).toBe(100);
});

test('who still makes a content that was let go of adds nothing to what is made instead of it', async () => {
  const asked = await house.request();
  const old = await house.frozen(asked);
  const { slots, messages } = house.ledger;
  expect(await slots.thaw(asked.held.id, old.sha256, 'another planner has no browser')).toBe(true);
  await house.database.query(sql`update kpi.store_daily set amount = 7`);
  const now = await house.frozen(asked);
  const fill = (content: typeof now) => fillSlot(house.tools(), asked.report, asked.slot, asked.held, content, never);
  await expect(fill(old)).rejects.toThrow('let go of');
  expect(await slots.newest('daily_sales', asked.slot.id)).toMatchObject({ state: 'frozen', frozen: now.sha256 });
  expect(await messages.list(asked.held.id)).toEqual([]);
  expect(await fill(now)).toBe(700);
  const claim = await claimOne(house.ledger, 'email');
  const file = await house.tools().files.read(claim?.part.content.attachments[0]?.sha256 ?? '');
  expect(new TextDecoder().decode(file)).toContain('[["S1","7"]');
});

test('a slot frozen to the form before chunks is made from it', async () => {
  const asked = await house.request();
  const message = {
    recipient: { id: 'asha', email: 'asha@example.com' },
    attach: ['pdf'],
    edition: 'whole',
    entry: 'all',
    rungs: [{ lane: 'email', address: 'asha@example.com', split: 'whole' }],
    subject: 'Sales',
    text: 'As it was',
    html: '',
    caption: '',
  };
  const old = {
    version: 1,
    run: 'r1',
    madeAt: '2021-12-02T03:00:00.000Z',
    report: asked.report,
    project: { timezone: 'Asia/Kolkata', vars: {} },
    datasets: [{ name: 'stores', columns: [{ name: 'store', type: 'text' }], rows: [['S9']] }],
    editions: [{ key: 'whole' }],
    messages: [message],
    leftOut: [{ edition: 'whole', entry: 'all', recipient: 'ravi', reason: 'no address for email' }],
  };
  const files = openFolderStore(house.folder, '.');
  const { sha256 } = await files.put(new TextEncoder().encode(JSON.stringify(old)));
  await house.ledger.slots.freeze(asked.held.id, sha256);
  const [held] = await house.ledger.slots.unsealed();
  if (held === undefined) throw new Error('the slot is gone');
  const content = await house.frozen({ ...asked, held });
  expect((await Array.fromAsync(content.messages())).flatMap(({ leftOut }) => leftOut)).toEqual(old.leftOut);
  expect(await fillSlot(house.tools(), asked.report, asked.slot, held, content, never)).toBe(1);
  const claim = await claimOne(house.ledger, 'email');
  expect(claim?.part.content.text).toBe('As it was');
  const file = claim?.part.content.attachments[0];
  expect(new TextDecoder().decode(await files.read(file?.sha256 ?? ''))).toContain('S9');
});
