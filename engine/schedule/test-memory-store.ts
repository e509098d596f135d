import { Fault } from '../fault.ts';
import type { Change, Lease, ScheduleStore, UnsentNotice } from './port.ts';
import { type OpenTick, type SettledState, showTick, type TickState } from './tick.ts';

type KeptNotice = UnsentNotice & { readonly notBefore: number };
type Kept = Omit<OpenTick, 'state'> & { readonly state: TickState; readonly token: number; readonly detail?: string };

/** A store without a database, for tests: the same promises, on a clock of the test's own. */
export interface MemoryStore extends ScheduleStore {
  ticks(): readonly Kept[];
  notices(): readonly UnsentNotice[];
}

export function memoryStore(clock: () => number): MemoryStore {
  let lease: Lease & { until: number } = { holder: '', token: 0, until: Number.NEGATIVE_INFINITY };
  const cursors = new Map<string, number>();
  const ticks = new Map<string, Kept>();
  const open = new Map<string, OpenTick>();
  const settled = new Map<string, Kept[]>();
  const notices = new Map<string, KeptNotice>();
  const fence = ({ token }: Lease) => {
    if (token !== lease.token) throw new Fault('lost', 'another scheduler leads now');
  };
  const keep = (tick: Kept) => {
    const key = showTick(tick);
    ticks.set(key, tick);
    if (isOpen(tick)) open.set(key, tick);
    else {
      open.delete(key);
      settled.set(
        tick.dag,
        [...(settled.get(tick.dag) ?? []).slice(-50), tick].sort((a, b) => a.at - b.at),
      );
    }
  };
  return {
    async acquire(holder, ttl) {
      const now = clock();
      if (lease.until > now) return undefined;
      lease = { holder, token: lease.token + 1, until: now + ttl };
      return { holder, token: lease.token };
    },
    async renew({ token }, ttl) {
      if (token !== lease.token) return false;
      lease = { ...lease, until: clock() + ttl };
      return true;
    },
    async release({ token }) {
      if (token === lease.token) lease = { ...lease, until: Number.NEGATIVE_INFINITY };
    },
    async cursors(held, first) {
      fence(held);
      for (const [dag, at] of first) if (!cursors.has(dag)) cursors.set(dag, at);
      return new Map([...first.keys()].map((dag) => [dag, cursors.get(dag) as number]));
    },
    async record(held, decisions) {
      fence(held);
      for (const { dag, until, due, skipped } of decisions) {
        const fresh = { dag, attempts: 0, interruptions: 0, notBefore: 0, lateTold: false, token: 0 };
        const add = (tick: Kept) => void (ticks.has(showTick(tick)) || keep(tick));
        for (const at of due) add({ ...fresh, at, state: 'due' });
        if (skipped) add({ ...fresh, at: skipped.at, state: 'skipped', detail: skipped.why });
        cursors.set(dag, Math.max(until, cursors.get(dag) ?? until));
      }
    },
    async resume(held) {
      fence(held);
      const left = [...ticks.values()].filter((tick) => tick.state === 'running' && tick.token < held.token);
      for (const tick of left) keep({ ...tick, state: 'due', interruptions: tick.interruptions + 1 });
      return left.length;
    },
    async apply(held, changes) {
      fence(held);
      const next = new Map<string, Kept>();
      for (const change of changes) {
        const key = showTick(change.tick);
        const tick = next.get(key) ?? ticks.get(key);
        if (!tick || !fits(change, tick, held.token)) throw new Fault('lost', `${key} is not as it was`);
        next.set(key, changed(tick, change, held.token));
      }
      for (const tick of next.values()) keep(tick);
      for (const notice of changes.flatMap((change) => ('notices' in change ? change.notices : []))) {
        if (!notices.has(notice.key)) notices.set(notice.key, { ...notice, id: notice.key, attempts: 0, notBefore: 0 });
      }
    },
    open: async () => [...open.values()],
    settled: async (keys) =>
      keys.map(({ dag, at }) => settled.get(dag)?.findLast((tick) => tick.at <= at)?.state as SettledState | undefined),
    unsent: async (kind, now, limit) =>
      [...notices.values()].filter((one) => one.to.startsWith(kind) && one.notBefore <= now).slice(0, limit),
    async noteSent(id, outcome) {
      const notice = notices.get(id);
      if (outcome.kind === 'sent') notices.delete(id);
      else if (notice) notices.set(id, { ...notice, attempts: notice.attempts + 1, notBefore: outcome.at });
    },
    ticks: () => [...ticks.values()],
    notices: () => [...notices.values()],
  };
}

const isOpen = (tick: Kept): tick is Kept & OpenTick => tick.state === 'due' || tick.state === 'running';

function fits({ kind }: Change, tick: Kept, token: number): boolean {
  const mine = tick.state === 'running' && tick.token === token;
  if (kind === 'start') return tick.state === 'due';
  if (kind === 'late') return mine || tick.state === 'due';
  return kind === 'settle' ? mine || tick.state === 'due' : mine;
}

function changed(tick: Kept, change: Change, token: number): Kept {
  switch (change.kind) {
    case 'start':
      return { ...tick, state: 'running', token };
    case 'stop':
      return { ...tick, state: 'due' };
    case 'again':
      return { ...tick, state: 'due', attempts: tick.attempts + 1, notBefore: change.notBefore };
    case 'late':
      return { ...tick, lateTold: true };
    case 'settle':
      return { ...tick, state: change.state, ...(change.detail ? { detail: change.detail } : {}) };
  }
}
