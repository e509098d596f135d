import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog, sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type RoughMailServer, roughMailServer } from '../cli/test-rough-mail-server.ts';
import { type House, openHouse } from '../house.ts';
import { openLedger } from '../ledger/ledger.ts';
import { ownersReport } from '../ledger/troubles.ts';
import { addDays } from '../slot/calendar-date.ts';
import { ruleOf } from '../slot/rule.ts';
import { readTicks } from '../slot/ticks.ts';
import { lanesRound, type Sending, unclearRound } from './lane-rounds.ts';
import { noticeRound } from './notice-rounds.ts';
import { usualRounds } from './rounds.ts';
import { slotRound } from './slot-round.ts';
import { type VirtualClock, virtualClock } from './test-virtual-clock.ts';
import { fortyReports, ticksExpected, yearProject } from './test-year-project.ts';

/** `npm run test:year` plays all of 2026; every other run March, in which Europe and America change their clocks. */
const whole = process.env['TIFFIN_YEAR'] === '1';
const from = whole ? '2026-01-01' : '2026-03-01';
const until = whole ? '2027-01-01' : '2026-04-01';
const hour = 3_600_000;
const at = (text: string) => new Date(text).getTime();

/** Twelve times in the year, or three in March, the machine is off: for a moment, a morning, or over two days. */
const off = (whole ? Array.from({ length: 12 }, (_, index) => index + 1) : [3, 3, 3]).map((month, index) => {
  const day = whole ? 6 + index : 4 + 9 * index;
  const begin = at(`2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T00:50:00Z`);
  return { begin, end: begin + ([0.02, 5, 50][index % 3] ?? 0) * hour };
});
/** A weekend without a mail server. */
const outage = { begin: at('2026-03-14T00:00:00Z'), end: at('2026-03-16T01:00:00Z') };
/** Data of these days comes at noon and not at six; of the last it comes after every deadline. */
const late = new Map([
  ['2026-03-09', '2026-03-10T05:45:00Z'],
  ['2026-03-19', '2026-03-20T05:00:00Z'],
  ['2026-03-24', '2026-03-25T14:00:00Z'],
]);

/** For 300 people in the year, for 80 in March. */
const yearReports = fortyReports(whole ? [7, 8] : [2, 2]);

let state: TestDatabase;
let mailbox: RoughMailServer;
let project: ReturnType<typeof yearProject>;
let clock: VirtualClock;
const signal = new AbortController().signal;

beforeEach(async () => {
  state = await testDatabase();
  const closed = () => clock.now().getTime() >= outage.begin && clock.now().getTime() < outage.end;
  mailbox = await roughMailServer({ manner: () => 'accept', refuses: () => false, closed, at: () => {} });
  project = yearProject(yearReports, from);
  const engine = fileURLToPath(new URL('../../engine/main.mjs', import.meta.url));
  const built = spawnSync(process.execPath, [engine, 'run'], { cwd: project.root, env: { ...process.env, ...env() } });
  expect([built.status, String(built.stderr)]).toEqual([0, expect.any(String)]);
  await openLedger(state.database, 'local');
  clock = await virtualClock(state.database, 'delivery_local', new Date(`${from}T00:00:00Z`));
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const env = () => ({ WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url });

/** Data of a day is there the morning after, at six in India, but for the late days. */
function dataUntil(now: Date): string {
  const today = new Date(now.getTime() + 5.5 * hour).toISOString();
  const usual = today.slice(11) >= '06:00' ? today.slice(0, 10) : addDays(today.slice(0, 10), -1);
  for (const [day, came] of late) if (day < usual && now.getTime() < at(came)) return day;
  return usual;
}

/** The machine comes up: the project is read, everything is opened anew. */
async function wake(): Promise<House> {
  const house = await openHouse({
    folder: project.root,
    environment: env(),
    target: undefined,
    signal,
    logName: 'daemon',
    now: clock.now,
  });
  expect(house.problems).toEqual([]);
  const days = () => [{ from: '2025-11-01', until: dataUntil(clock.now()) }];
  const coverage = async () => new Map([['kpi.store_daily', { days: days(), builds: [] }]]);
  return { ...house, log: silentLog, prepareTools: async () => ({ ...(await house.prepareTools()), coverage }) };
}

/** Every full hour, and every tick of every report: the instants at which something can happen. */
function instants(house: House): number[] {
  const all = new Set<number>();
  const end = at(`${addDays(until, -1)}T20:00:00Z`);
  for (let time = at(`${from}T00:00:00Z`); time <= end; time += hour) all.add(time);
  for (const report of house.reports) {
    const ticks = readTicks(report.schedule?.cron ?? '', ruleOf(report, 'Asia/Kolkata').timezone);
    let tick = ticks.after(new Date(`${from}T00:00:00Z`));
    while (tick !== undefined && tick.getTime() <= end) {
      all.add(tick.getTime());
      tick = ticks.after(tick);
    }
  }
  return [...all].sort((a, b) => a - b);
}

async function play(): Promise<void> {
  // Nobody else changes its slots, so a report is looked at when its schedule ticks.
  const rounds = { ...usualRounds, reports: 400 * 24 * hour };
  let house = await wake();
  let looks = { lookedAt: new Map<string, number>(), failedAt: new Map<string, number>() };
  const sending: Sending = new Map();
  let reboots = 0;
  for (const time of instants(house)) {
    const nap = off[reboots];
    if (nap && time >= nap.begin) {
      if (time < nap.end) continue;
      await house[Symbol.asyncDispose]();
      house = await wake();
      looks = { lookedAt: new Map(), failedAt: new Map() };
      reboots += 1;
    }
    await clock.set(new Date(time));
    await slotRound(house, looks, rounds, signal);
    if (time % hour === 0) await noticeRound(house);
    await unclearRound(house, rounds, signal);
    await lanesRound(house, sending, rounds, signal);
    await Promise.all(sending.values());
  }
  expect(reboots).toBe(off.length);
  await house[Symbol.asyncDispose]();
}

interface Row {
  readonly report: string;
  readonly slots: number;
  readonly sealed: number;
  readonly skipped: number;
  readonly messages: number;
  readonly sent: number;
  readonly expired: number;
  readonly other: number;
}

/** What the ledger says of each report. */
const rows = () =>
  state.database.query<Row>(sql`
    select s.report, count(distinct s.id)::int as slots,
      count(distinct s.id) filter (where s.state = 'sealed')::int as sealed,
      count(distinct s.id) filter (where s.state in ('skipped', 'given-up'))::int as skipped,
      count(p.id)::int as messages,
      count(p.id) filter (where p.state = 'sent')::int as sent,
      count(p.id) filter (where p.state = 'expired')::int as expired,
      count(p.id) filter (where p.state not in ('sent', 'expired'))::int as other
    from delivery_local.slots s
    left join delivery_local.messages m on m.slot_id = s.id left join delivery_local.parts p on p.message_id = m.id
    group by s.report order by s.report`);

test(`${whole ? 'a year' : 'March'} of 40 reports for ${whole ? 300 : 80} people: the totals add up to the last part`, async () => {
  await play();
  const keys = await state.database.query<{ key: string; report: string }>(sql`
    select p.key, s.report from delivery_local.parts p join delivery_local.messages m on m.id = p.message_id
    join delivery_local.slots s on s.id = m.slot_id`);
  const reportOf = new Map(keys.map(({ key, report }) => [key, report]));
  expect(new Set(mailbox.taken).size).toBe(mailbox.taken.length);
  const taken = Map.groupBy(mailbox.taken, (key) => reportOf.get(key) ?? 'unknown to the ledger');
  const ledger = new Map((await rows()).map((row) => [row.report, row]));

  const table = [...yearReports, undefined].map((report) => {
    const name = report?.name ?? ownersReport;
    const row = ledger.get(name);
    if (row === undefined) throw new Error(`the ledger knows nothing of ${name}`);
    const expected = report ? ticksExpected(report, from, until) : row.slots;
    return {
      kind: report?.kind ?? 'to owners',
      expected,
      people: report?.people,
      taken: taken.get(name)?.length ?? 0,
      ...row,
    };
  });
  for (const row of table) {
    const { report, expected, people } = row;
    // Each tick is a slot, each slot has ended, each slot that was made has all its people, each message has ended.
    expect({ report, slots: row.slots, ended: row.sealed + row.skipped }).toEqual({
      report,
      slots: expected,
      ended: expected,
    });
    if (people !== undefined)
      expect({ report, messages: row.messages }).toEqual({ report, messages: row.sealed * people });
    expect({ report, other: row.other, sum: row.sent + row.expired }).toEqual({ report, other: 0, sum: row.messages });
    expect({ report, taken: row.taken }).toEqual({ report, taken: row.sent });
  }
  const columns = ['expected', 'slots', 'sealed', 'skipped', 'messages', 'sent', 'expired', 'taken'] as const;
  const sum = (some: typeof table) => columns.map((name) => some.reduce((total, row) => total + row[name], 0));
  const lines = Map.groupBy(table, ({ kind }) => kind)
    .entries()
    .map(([kind, some]) => [kind, ...sum(some)]);
  process.stderr.write(
    `${[['', ...columns], ...lines, ['total', ...sum(table)]].map((line) => line.join('\t')).join('\n')}\n`,
  );
  expect(mailbox.taken.length).toBe(sum(table).at(-1));
  // What the stretch was made for did happen.
  const skipped = (kind: string) =>
    table.filter((row) => row.kind === kind).reduce((total, row) => total + row.skipped, 0);
  expect([skipped('daily') > 0, skipped('weekly'), skipped('monthly')]).toEqual([true, 0, 0]);
  expect(table.reduce((total, row) => total + row.expired, 0)).toBeGreaterThan(0);
}, 3_600_000);
