// What a long memory costs: claiming, settling, looking and the two screens, with a thousand messages in the ledger and with
// a million of which all but a hundred are long sent:
//   node bench/send/ledger.ts [--messages 1000,1000000] [--times 100]
import { parseArgs } from 'node:util';
import { tablesOf } from '../../delivery/ledger/tables.ts';
import { testLedger, testSlot } from '../../delivery/ledger/test-ledger.ts';
import { sql } from '../../engine/index.ts';
import type { Database } from '../../engine/warehouse/database.ts';
import { median, openBenchState, say, secondsOf } from './state.ts';

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '1000,1000000' }, times: { type: 'string', default: '100' } },
});
const times = Number(values.times);
const perSlot = 1_000;

await using state = await openBenchState();
const { database } = state;
const one = await testLedger(database);
const { ledger } = one;
const t = tablesOf('delivery_test');

/** Old slots of a thousand messages each, sent and with their trail, written as quickly as SQL can. */
async function fillTo(messages: number): Promise<void> {
  const [{ n } = { n: 0 }] = await database.query<{ n: number }>(sql`select count(*)::int as n from ${t.messages}`);
  const slots = Math.ceil((messages - n) / perSlot);
  if (slots <= 0) return;
  await insertOld(database, Math.ceil(n / perSlot), slots);
  await database.query(sql`analyze`);
}

async function insertOld(to: Database, from: number, slots: number): Promise<void> {
  const content = { subject: 'Daily sales', text: 'x'.repeat(400), html: '', caption: '', attachments: [] };
  const old = sql`substr(slot, 5)::int >= ${from} and slot like 'old-%'`;
  await to.query(sql`
    insert into ${t.slots} (report, slot, resend, asked, day, from_day, until_day, tick_at, state, frozen_sha256, opened_at, changed_at)
    select 'report_' || n % 20, 'old-' || n, 0, false, date '2015-01-01' + n, date '2015-01-01' + n, date '2015-01-02' + n,
      timestamptz '2015-01-02' + n * interval '1 day', 'sealed', repeat('f', 64), now() - interval '31 days', now() - interval '31 days'
    from generate_series(${from}::int, ${from + slots - 1}::int) n`);
  await to.query(
    sql`insert into ${t.editions} (slot_id, key, rows_sha256) select id, 'whole', 'r' from ${t.slots} where ${old}`,
  );
  await to.query(sql`
    insert into ${t.messages} (slot_id, key, edition, entry, recipient, rungs, content)
    select s.id, encode(sha256((s.id || '/' || n)::bytea), 'hex'), 'whole', 'office', 'p' || n,
      ${JSON.stringify([{ lane: 'email', address: 'p@example.com', split: 'whole' }])}::jsonb, ${JSON.stringify(content)}::jsonb
    from ${t.slots} s, generate_series(1, ${perSlot}::int) n where ${old}`);
  await to.query(sql`
    insert into ${t.parts} (message_id, key, reference, rung, place, lane, address, state, attempts, spent, provider_id, changed_at)
    select m.id, m.key, substr(m.key, 1, 12) || m.id, 0, 0, 'email', m.recipient || '@example.com', 'sent', 1, 1, '<' || m.id || '>',
      now() - interval '31 days'
    from ${t.messages} m join ${t.slots} s on s.id = m.slot_id where ${old}`);
  await to.query(sql`
    insert into ${t.attempts} (part_id, number, owner, started_at, lease_until, ended_at, outcome, provider_id)
    select p.id, 1, 'old', now() - interval '31 days', now() - interval '31 days', now() - interval '31 days', 'sent', p.provider_id
    from ${t.parts} p join ${t.messages} m on m.id = p.message_id join ${t.slots} s on s.id = m.slot_id where ${old}`);
  await to.query(sql`
    insert into ${t.events} (at, event, report, slot, edition, recipient, channel)
    select now() - interval '31 days', 'queued', s.report, s.slot, 'whole', m.recipient, 'email'
    from ${t.messages} m join ${t.slots} s on s.id = m.slot_id where ${old}`);
}

type Question = readonly [name: string, ask: () => Promise<unknown>];

/** Milliseconds of each question, the one in the middle. */
async function measure(size: number): Promise<ReadonlyMap<string, number>> {
  const slot = testSlot(`now-${size}`, { report: 'report_1' });
  const id = await one.sealed(
    slot,
    Array.from({ length: times }, (_, index) => `q${index}`),
  );
  const taken = new Map<string, number[]>();
  const timed = async <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    let answer: T | undefined;
    const seconds = await secondsOf(async () => {
      answer = await ask();
    });
    taken.set(name, [...(taken.get(name) ?? []), seconds * 1_000]);
    return answer as T;
  };
  for (let turn = 0; turn < times; turn += 1) {
    const claim = await timed('claim', () => ledger.sending.claim('email', 'bench', 20));
    if (claim === undefined) throw new Error('nothing to claim');
    await timed('still mine', () => ledger.sending.renew(claim.attempt, 20));
    await timed('settle', () => ledger.sending.settle(claim.attempt, { kind: 'sent', providerId: `${size}/${turn}` }));
    await timed('lanes that are ready', () => ledger.ready(['email', 'chat']));
    await timed('unclear', () => ledger.unclear.unclear('email'));
  }
  const day = new Date(Date.now() - 24 * 3_600_000);
  const seldom: readonly Question[] = [
    ['leases that ran out', () => ledger.sweep()],
    ['nothing to claim', () => ledger.sending.claim('email', 'bench', 20)],
    ['slots that are due', () => ledger.slots.history('report_1', new Date())],
    ['slots to make', () => ledger.slots.unsealed()],
    ["a slot's progress", () => ledger.messages.progress(id)],
    ['troubles of a day', () => ledger.troublesSince(day)],
    ['status: who needs looking after', () => ledger.messages.attention(20)],
    ['status: counts', () => ledger.messages.count(new Date(Date.now() - 30 * 24 * 3_600_000))],
    ['log: the newest 100', () => ledger.trail({ limit: 100 })],
    ['log: one recipient', () => ledger.trail({ recipient: 'p7', limit: 100 })],
    ['the answer of a run', () => ledger.messages.ofSlot('report_1', slot.id)],
  ];
  for (const [name, ask] of seldom) for (let turn = 0; turn < 7; turn += 1) await timed(name, ask);
  return new Map([...taken].map(([name, all]) => [name, median(all)]));
}

const sizes = values.messages.split(',').map(Number);
const columns: ReadonlyMap<string, number>[] = [];
for (const size of sizes) {
  const seconds = await secondsOf(() => fillTo(size));
  say(`${size} messages (filled in ${seconds.toFixed(0)} s)`);
  columns.push(await measure(size));
}
say(`${'milliseconds'.padEnd(34)}${sizes.map((size) => `${size}`.padStart(12)).join('')}`);
for (const name of columns[0]?.keys() ?? []) {
  say(`${name.padEnd(34)}${columns.map((column) => (column.get(name) ?? 0).toFixed(1).padStart(12)).join('')}`);
}
