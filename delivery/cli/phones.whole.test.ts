import { afterEach, expect, test } from 'vitest';
import { type Database, sql } from '#engine';
import { testDatabase } from '../../engine/warehouse/test-database.ts';
import { type Fate, type Manner, manners, type Step, steps } from '../send/channels/http/test-rough-provider.ts';
import { freePort, openPhone, type PhoneName, phones } from './test-phones.ts';
import { type TestProject, testProject } from './test-project.ts';
import { isAtRest, letTimePass, seeded } from './test-sends.ts';

/** `npm run test:phones` sends 500 parts by each; the seed of a run that failed is in its message. */
const people = Number(process.env['TIFFIN_PHONES'] ?? 30);
const seed = Number(process.env['TIFFIN_SEED'] ?? 1);

let closing = new AsyncDisposableStack();
afterEach(async () => {
  await closing.disposeAsync();
  closing = new AsyncDisposableStack();
});

interface PhonePart {
  readonly reference: string;
  readonly state: string;
  readonly address: string;
}

const partsOf = (database: Database) =>
  database.query<PhonePart>(sql`select reference, state, address from delivery_local.parts order by id`);

/** Every seventh is refused by the phone or taken back; every ninth gets it and nobody says so. */
function fateOf(name: PhoneName): (to: string) => Fate {
  const code = { 'whatsapp-cloud': 131026, twilio: 63003, rcs: 0 }[name];
  return (to) => {
    const n = Number(to.slice(-4));
    if (n % 7 === 0) return { kind: 'failed', code };
    if (n % 9 === 0) return { kind: 'silent' };
    return { kind: n % 2 === 0 ? 'read' : 'delivered' };
  };
}

/** What was said or unclear an hour ago, so that looks and holds no longer wait. */
async function letAnHourPass(database: Database): Promise<void> {
  await letTimePass(database);
  await database.query(sql`update delivery_local.attempts set started_at = started_at - interval '1 hour'`);
}

test.each(phones)(
  `${people} parts by %s, a daemon killed at every step, a provider in a bad mood: none twice, none lost, the unclear ones named`,
  async (name) => {
    const random = seeded(seed);
    const port = await freePort();
    const fate = fateOf(name);
    let watch: (step: Step) => void = () => {};
    let well = false;
    const manner = (): Manner =>
      well || random() < 0.5 ? 'accept' : (manners[Math.floor(random() * manners.length)] ?? 'accept');
    const webhook = `http://127.0.0.1:${port}/w/phone`;
    const phone = closing.use(await openPhone(name, { webhook, random, manner, at: (step) => watch(step), fate }));
    const state = closing.use(await testDatabase());
    // The report is due at 8 in India, 2:30 in UTC: its newest slot is today's or yesterday's.
    const first = new Date(Date.now() - 2.5 * 3_600_000).toISOString().slice(0, 10);
    const project: TestProject = closing.use(
      testProject(
        { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: 'smtp://127.0.0.1:1', ...phone.env },
        {
          people,
          deliver: `  - { id: phone, channel: phone, to: { list: all }, attach: [csv], caption: "{{ title }}" }\nstart: ${first}\n`,
          delivery: `  public_url: http://127.0.0.1:${port}\n  public_listen: 127.0.0.1:${port}\n`,
          channels: phone.channel,
        },
      ),
    );
    expect((await project.run('engine', 'run')).code).toBe(0);

    /** Nothing moves any more: all is sent and heard, and what is unclear is so for good. */
    const isDone = async () => {
      if (!(await isAtRest(state.database, 1)) || phone.news.pending > 0) return false;
      const states = (await partsOf(state.database)).map((part) => part.state);
      return states.length === people && !states.includes('unclear');
    };
    const daemonUntil = async (at: Step | undefined, when: number) => {
      const daemon = project.start('delivery', ['daemon']);
      const kill = () => daemon.process.kill('SIGKILL');
      let left = when;
      watch = (step) => {
        if (step === at && --left === 0) kill();
      };
      const timer = setTimeout(kill, at === undefined ? when : 15_000);
      const rest = setInterval(async () => {
        if (await isDone().catch(() => false)) kill();
      }, 300);
      await daemon.ended;
      clearTimeout(timer);
      clearInterval(rest);
      watch = () => {};
      await letAnHourPass(state.database).catch(() => {});
    };

    let kills = 0;
    const most = 3 + people / 30;
    while (!(await isDone().catch(() => false))) {
      well = kills > most;
      if (kills > 4 * most) throw new Error(`seed ${seed}: it does not come to an end`);
      const step = steps[kills % (steps.length + 1)];
      if (well) await daemonUntil(undefined, 20_000);
      else if (step === undefined) await daemonUntil(undefined, 1_500 + random() * 1_500);
      else await daemonUntil(step, 1 + Math.floor((random() * people) / 6));
      kills += 1;
    }

    const parts = await partsOf(state.database);
    const times = new Map<string, number>();
    for (const taken of phone.taken()) times.set(taken.name, (times.get(taken.name) ?? 0) + 1);
    const by = (...states: readonly string[]) => parts.filter((part) => states.includes(part.state));
    const held = by('held');
    const told = {
      seed,
      kills,
      parts: parts.length,
      ...Object.fromEntries([...new Set(parts.map((part) => part.state))].sort().map((one) => [one, by(one).length])),
      heldButWent: held.filter(({ reference }) => times.has(reference)).length,
      forged: phone.news.forgedAnswers.length,
    };
    process.stderr.write(`${name} ${JSON.stringify({ ...told, ...Object.fromEntries(phone.counts) })}\n`);

    expect({ ...told, twice: [...times].filter(([, n]) => n > 1) }).toEqual({ ...told, twice: [] });
    const known = new Set(parts.map(({ reference }) => reference));
    expect([...times.keys()].filter((reference) => !known.has(reference))).toEqual([]);
    expect(new Set(parts.map(({ address }) => address)).size).toBe(people);
    // Who has it by the ledger has it by the provider, and the other way round.
    const went = by('sent', 'delivered', 'read');
    expect(went.filter(({ reference }) => !times.has(reference))).toEqual([]);
    expect(went.length + by('failed').length + held.length).toBe(people);
    expect(by('delivered', 'read').filter(({ address }) => ['failed', 'silent'].includes(fate(address).kind))).toEqual(
      [],
    );
    // A part has failed where the provider said so, or where it never took it.
    expect(
      by('failed').filter(({ address, reference }) => times.has(reference) && fate(address).kind !== 'failed'),
    ).toEqual([]);
    // What others forged was refused each time.
    expect(phone.news.forgedAnswers.filter((status) => status < 400 || status >= 500)).toEqual([]);
    expect(phone.news.forgedAnswers.length).toBeGreaterThan(0);
    if (phone.canLook) expect(held).toEqual([]);
    // Without a look only what nobody ever tells of is held: what the provider did not take, or is silent about.
    expect(held.filter(({ reference, address }) => times.has(reference) && fate(address).kind !== 'silent')).toEqual(
      [],
    );

    const { out, code } = await project.run('delivery', 'status', '--json');
    expect([code, JSON.parse(out).by_state.held ?? 0]).toEqual([held.length > 0 ? 3 : 0, held.length]);
  },
  3_600_000,
);
