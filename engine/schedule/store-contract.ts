import { expect, test } from 'vitest';
import type { Notice } from './notice.ts';
import type { Change, Lease, ScheduleStore } from './port.ts';

/** A store to try, and a way to let a lease of 40 ms run out on the store's own clock. */
export interface StoreUnderTest {
  readonly store: ScheduleStore;
  runOut(): Promise<void>;
}

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 1, 12);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

/** What every memory of the scheduler promises. */
export function storeContract(open: () => Promise<StoreUnderTest>): void {
  const begun = async (store: ScheduleStore, ticks: readonly number[] = [noon]): Promise<Lease> => {
    const lease = (await store.acquire('one', 60_000)) as Lease;
    await store.cursors(lease, new Map([['daily', noon - hour]]));
    await store.record(lease, [{ dag: 'daily', until: ticks.at(-1) ?? noon, due: ticks }]);
    return lease;
  };

  test('one leads; another comes when its time has run out or it has gone; a lease that ran out unnoticed goes on', async () => {
    const { store, runOut } = await open();
    const first = (await store.acquire('one', 40)) as Lease;
    expect(await store.acquire('two', 40)).toBeUndefined();
    await runOut();
    expect(await store.renew(first, 40)).toBe(true);
    await runOut();
    const second = (await store.acquire('two', 60_000)) as Lease;
    expect(second.token).toBeGreaterThan(first.token);
    expect(await store.renew(first, 60_000)).toBe(false);
    await store.release(first);
    expect(await store.acquire('three', 60_000)).toBeUndefined();
    await store.release(second);
    expect((await store.acquire('three', 60_000))?.token).toBeGreaterThan(second.token);
  });

  test('a leader that was slow writes nothing once another has come', async () => {
    const { store, runOut } = await open();
    const old = (await store.acquire('one', 40)) as Lease;
    await store.cursors(old, new Map([['daily', noon - hour]]));
    await store.record(old, [{ dag: 'daily', until: noon, due: [noon] }]);
    await runOut();
    const lease = (await store.acquire('two', 60_000)) as Lease;
    const tick = { dag: 'daily', at: noon };
    expect(await codeOf(store.apply(old, [{ kind: 'start', tick }]))).toBe('lost');
    expect(await codeOf(store.record(old, [{ dag: 'daily', until: noon + hour, due: [noon + hour] }]))).toBe('lost');
    expect(await codeOf(store.cursors(old, new Map([['new', noon]])))).toBe('lost');
    expect(await codeOf(store.resume(old))).toBe('lost');
    expect(await store.open()).toMatchObject([{ ...tick, state: 'due' }]);
    expect(await store.cursors(lease, new Map([['daily', 0]]))).toEqual(new Map([['daily', noon]]));
  });

  test('a tick recorded twice is one; cursors only move forward; a new dag begins where it is told', async () => {
    const { store } = await open();
    const lease = await begun(store, [noon, noon + hour]);
    await store.apply(lease, [{ kind: 'settle', tick: { dag: 'daily', at: noon }, state: 'done', notices: [] }]);
    await store.record(lease, [
      { dag: 'daily', until: noon, due: [noon], skipped: { at: noon - hour, why: 'too old' } },
    ]);
    expect(await store.open()).toMatchObject([{ at: noon + hour }]);
    const cursors = await store.cursors(
      lease,
      new Map([
        ['daily', 5],
        ['weekly', 7],
      ]),
    );
    expect(cursors).toEqual(
      new Map([
        ['daily', noon + hour],
        ['weekly', 7],
      ]),
    );
  });

  test('changes go together or not at all, and only from the state they must come from', async () => {
    const { store } = await open();
    const lease = await begun(store, [noon, noon + hour]);
    const [one, two] = [
      { dag: 'daily', at: noon },
      { dag: 'daily', at: noon + hour },
    ];
    const notice: Notice = { ...one, key: 'k', kind: 'late', to: 'webhook:env:X', message: 'late' };
    const wrong: Change[] = [
      { kind: 'start', tick: one },
      { kind: 'late', tick: one, notices: [notice] },
      { kind: 'again', tick: two, notBefore: noon },
    ];
    expect(await codeOf(store.apply(lease, wrong))).toBe('lost');
    expect(await store.open()).toMatchObject([{ state: 'due', lateTold: false }, { state: 'due' }]);
    expect(await store.unsent('webhook:', noon, 10)).toEqual([]);

    await store.apply(lease, [
      { kind: 'start', tick: one },
      { kind: 'start', tick: two },
      { kind: 'late', tick: one, notices: [notice] },
    ]);
    await store.apply(lease, [
      { kind: 'again', tick: one, notBefore: noon + 60_000, runId: 'r1', detail: 'away' },
      { kind: 'stop', tick: two },
    ]);
    expect(await store.open()).toMatchObject([
      { ...one, state: 'due', attempts: 1, interruptions: 0, notBefore: noon + 60_000, lateTold: true },
      { ...two, state: 'due', attempts: 0, interruptions: 0, notBefore: 0, lateTold: false },
    ]);
    await store.apply(lease, [{ kind: 'start', tick: one }]);
    await store.apply(lease, [
      { kind: 'settle', tick: one, state: 'failed', notices: [notice, { ...notice, key: 'm', to: 'email:x' }] },
    ]);
    expect(await codeOf(store.apply(lease, [{ kind: 'start', tick: one }]))).toBe('lost');
    expect(await store.unsent('webhook:', noon, 10)).toMatchObject([{ key: 'k', at: noon, attempts: 0 }]);
  });

  test('what a dead leader left running is due again under the next, and its late answer is refused', async () => {
    const { store } = await open();
    const dead = await begun(store);
    const tick = { dag: 'daily', at: noon };
    await store.apply(dead, [{ kind: 'start', tick }]);
    await store.release(dead);
    const lease = (await store.acquire('two', 60_000)) as Lease;
    expect(await store.resume(lease)).toBe(1);
    expect(await store.resume(lease)).toBe(0);
    expect(await store.open()).toMatchObject([{ ...tick, state: 'due', interruptions: 1, attempts: 0 }]);
    await store.apply(lease, [{ kind: 'start', tick }]);
    expect(await codeOf(store.apply(dead, [{ kind: 'settle', tick, state: 'done', notices: [] }]))).toBe('lost');
  });

  test('the newest settled tick at or before an instant, for each key in order', async () => {
    const { store } = await open();
    const lease = await begun(store, [noon, noon + hour, noon + 2 * hour]);
    const settle = (at: number, state: 'done' | 'failed'): Change => ({
      kind: 'settle',
      tick: { dag: 'daily', at },
      state,
      notices: [],
    });
    await store.apply(lease, [settle(noon, 'done'), settle(noon + hour, 'failed')]);
    const keys = [noon + 3 * hour, noon - 1, noon + 1].map((at) => ({ dag: 'daily', at }));
    expect(await store.settled([...keys, { dag: 'none', at: noon }])).toEqual(['failed', undefined, 'done', undefined]);
    expect(await store.settled([])).toEqual([]);
  });

  test('a notice is handed out until it was sent', async () => {
    const { store } = await open();
    const lease = await begun(store);
    const tick = { dag: 'daily', at: noon };
    const notice: Notice = { ...tick, key: 'k', kind: 'failed', to: 'webhook:env:X', message: 'm' };
    await store.apply(lease, [{ kind: 'settle', tick, state: 'failed', notices: [notice, notice] }]);
    const [unsent] = await store.unsent('webhook:', noon, 10);
    expect(unsent).toMatchObject(notice);
    await store.noteSent(unsent?.id ?? '', { kind: 'later', at: noon + hour });
    expect(await store.unsent('webhook:', noon, 10)).toEqual([]);
    const [again] = await store.unsent('webhook:', noon + hour, 10);
    expect(again?.attempts).toBe(1);
    await store.noteSent(again?.id ?? '', { kind: 'sent' });
    expect(await store.unsent('webhook:', noon + hour, 10)).toEqual([]);
  });
}
