// What a long memory costs: claiming, settling, looking and the two screens, with a thousand messages in the ledger and with
// a million of which all but a hundred are long sent:
//   node bench/send/ledger.ts [--messages 1000,1000000] [--times 100]
import { parseArgs } from 'node:util';
import { schemaOf, type Tables, tablesOf } from '../../delivery/ledger/tables.ts';
import { claimOne, type TestLedger, testLedger, testSlot } from '../../delivery/ledger/test-ledger.ts';
import type { Claim } from '../../delivery/send/send-ledger.ts';
import { sql } from '../../engine/index.ts';
import { median, openBenchState, say, secondsOf } from './state.ts';

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '1000,1000000' }, times: { type: 'string', default: '100' } },
});
const times = Number(values.times);
const perSlot = 1_000;

await using state = await openBenchState();
const { database } = state;

/** A ledger with so many messages. */
interface Memory {
  readonly size: number;
  readonly one: TestLedger;
  readonly t: Tables;
}

/** Old slots of a thousand messages each, sent and with their trail, written as quickly as SQL can. */
async function fill({ t, size }: Memory): Promise<void> {
  const to = database;
  const slots = Math.ceil(size / perSlot);
  const content = { subject: 'Daily sales', text: 'x'.repeat(400), html: '', caption: '', attachments: [] };
  const old = sql`slot like 'old-%'`;
  await to.query(sql`
    insert into ${t.slots} (report, slot, resend, asked, day, from_day, until_day, tick_at, state, frozen_sha256, opened_at, changed_at)
    select 'report_' || n % 20, 'old-' || n, 0, false, date '2015-01-01' + n, date '2015-01-01' + n, date '2015-01-02' + n,
      timestamptz '2015-01-02' + n * interval '1 day', 'sealed', repeat('f', 64), now() - interval '31 days', now() - interval '31 days'
    from generate_series(0, ${slots - 1}::int) n`);
  await to.query(
    sql`insert into ${t.editions} (slot_id, key, rows_sha256) select id, 'whole', 'r' from ${t.slots} where ${old}`,
  );
  await to.query(sql`
    insert into ${t.messages} (slot_id, key, edition, entry, recipient, rungs, content)
    select s.id, encode(sha256((s.id || '/' || n)::bytea), 'hex'), 'whole', 'office', 'p' || n,
      ${JSON.stringify([{ lane: 'email', address: 'p@example.com', split: 'whole' }])}::jsonb, ${JSON.stringify(content)}::jsonb
    from ${t.slots} s, generate_series(1, ${perSlot}::int) n where ${old}`);
  await to.query(sql`
    insert into ${t.parts} (message_id, slot_id, key, reference, rung, place, lane, address, state, attempts, spent, provider_id, changed_at)
    select m.id, m.slot_id, m.key, substr(m.key, 1, 12) || m.id, 0, 0, 'email', m.recipient || '@example.com', 'sent', 1, 1, '<' || m.id || '>',
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
  await to.query(sql`analyze`);
}

type Questions = readonly (readonly [name: string, ask: () => Promise<unknown>])[];

/** Enters a slot to be sent, and what is then asked of a ledger. */
async function questionsOf({ one, size }: Memory): Promise<{ readonly often: Questions; readonly seldom: Questions }> {
  const { ledger } = one;
  const slot = testSlot('now', { report: 'report_1' });
  const id = await one.sealed(
    slot,
    Array.from({ length: times }, (_, index) => `q${index}`),
  );
  const day = new Date(Date.now() - 24 * 3_600_000);
  const month = new Date(Date.now() - 30 * 24 * 3_600_000);
  let claim: Claim | undefined;
  const claimed = () => {
    if (claim) return claim;
    throw new Error('nothing to claim');
  };
  let turn = 0;
  return {
    often: [
      [
        'claim',
        async () => {
          claim = await claimOne(ledger, 'email');
          turn += 1;
        },
      ],
      ['still mine', () => ledger.sending.renew(claimed().attempt, 20)],
      ['settle', () => ledger.sending.settle(claimed().attempt, { kind: 'sent', providerId: `${size}/${turn}` })],
      ['lanes that are ready', () => ledger.ready(['email', 'chat'])],
      ['unclear', () => ledger.unclear.unclear('email')],
    ],
    seldom: [
      ['leases that ran out', () => ledger.sweep()],
      ['nothing to claim', () => claimOne(ledger, 'email')],
      ['slots that are due', () => ledger.slots.history('report_1', new Date())],
      ['slots to make', () => ledger.slots.unsealed()],
      ["a slot's progress", () => ledger.messages.progress(id)],
      ['troubles of a day', () => ledger.troublesSince(day)],
      ['status: who needs looking after', () => ledger.messages.attention(20)],
      ['status: counts of 30 days', () => ledger.messages.count(month)],
      ['log: the newest 100', () => ledger.trail({ limit: 100 })],
      ['log: one recipient', () => ledger.trail({ recipient: 'p7', limit: 100 })],
      ['the answer of a run', () => ledger.messages.ofSlot('report_1', slot.id)],
    ],
  };
}

/** Milliseconds of each question, the one in the middle: the ledgers are asked in turn, so that they share what else the machine does. */
async function measure(memories: readonly Memory[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const asked = await Promise.all(memories.map(questionsOf));
  const taken = new Map<string, number[][]>();
  const ask = async (which: 'often' | 'seldom') => {
    for (const [number] of asked[0]?.[which].entries() ?? []) {
      for (const [column, questions] of asked.entries()) {
        const [name, question] = questions[which][number] ?? ['', async () => {}];
        const all = taken.get(name) ?? memories.map(() => []);
        all[column]?.push((await secondsOf(question)) * 1_000);
        taken.set(name, all);
      }
    }
  };
  for (let turn = 0; turn < times; turn += 1) await ask('often');
  for (let turn = 0; turn < 11; turn += 1) await ask('seldom');
  return new Map([...taken].map(([name, columns]) => [name, columns.map(median)]));
}

const memories: Memory[] = [];
for (const size of values.messages.split(',').map(Number)) {
  const target = `bench_${size}`;
  const memory = { size, one: await testLedger(database, target), t: tablesOf(schemaOf(target)) };
  say(`${size} messages, filled in ${(await secondsOf(() => fill(memory))).toFixed(0)} s`);
  memories.push(memory);
}
const rows = await measure(memories);
say(`${'milliseconds'.padEnd(34)}${memories.map(({ size }) => `${size}`.padStart(12)).join('')}`);
for (const [name, columns] of rows) {
  say(`${name.padEnd(34)}${columns.map((one) => one.toFixed(1).padStart(12)).join('')}`);
}
