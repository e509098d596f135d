import { expect, test } from 'vitest';
import { memoryStore } from './test-memory-store.ts';
import { liveThroughYear, twoHundredDags, yearFrom } from './test-virtual-year.ts';

async function remembered(crons: readonly string[], seed: number) {
  let now = yearFrom;
  const store = memoryStore(() => now);
  const year = await liveThroughYear({
    store,
    timetable: twoHundredDags(crons),
    setNow: (to) => {
      now = to;
    },
    runOut: async () => {
      now += 30_000;
    },
    ttl: 30_000,
    kills: 50,
    seed,
    ticks: async () => store.ticks(),
  });
  return { ...year, notices: store.notices() };
}

test('a virtual year of 200 dags, the leader killed 50 times: each tick once', { timeout: 60_000 }, async () => {
  const { kills, repeated, notices } = await remembered(
    ['0 6 * * 1', '0 0 1 * *', '30 2 1,15 * *', '*/30 1-2 * 3,11 0'],
    1,
  );
  expect(kills).toBe(50);
  expect(repeated).toBeGreaterThan(0);
  // Every notice is one of lateness, once a tick: nothing has failed.
  expect(new Set(notices.map(({ kind }) => kind))).toEqual(new Set(['late']));
});
