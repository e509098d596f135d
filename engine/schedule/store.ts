import { Fault } from '../fault.ts';
import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import { addNotices, openNotices } from './outbox.ts';
import type { Change, Lease, ScheduleStore } from './port.ts';
import { prepareTables } from './tables.ts';
import { type OpenTick, type SettledState, showTick } from './tick.ts';

/** There is one leader a target. */
const name = 'scheduler';
const iso = (at: number) => new Date(at).toISOString();
const millis = (column: string) => sql`cast(extract(epoch from ${sql.ident(column)}) * 1000 as bigint)`;
const interval = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`;

/** The scheduler's memory of one target in the state database, whose clock the lease runs on. */
export async function openScheduleStore(state: Database, target: string): Promise<ScheduleStore> {
  const tables = await prepareTables(state, target);
  const { leases, dags, ticks } = tables;

  /** Work that only the present leader may do: the lease's row is held so that no other can come while it is done. */
  const fenced = <T>({ token }: Lease, work: (tx: Session) => Promise<T>): Promise<T> =>
    state.transaction(async (tx) => {
      const [mine] = await tx.query(sql`select 1 from ${leases} where name = ${name} and token = ${token} for share`);
      if (!mine) throw new Fault('lost', 'another scheduler leads now');
      return work(tx);
    });

  return {
    async acquire(holder, ttl) {
      const [row] = await state.query<{ token: string }>(
        sql`insert into ${leases} as lease (name, holder, token, until)
            values (${name}, ${holder}, 1, clock_timestamp() + ${interval(ttl)})
            on conflict (name) do update
              set holder = excluded.holder, token = lease.token + 1, until = clock_timestamp() + ${interval(ttl)}
              where lease.until <= clock_timestamp()
            returning token`,
      );
      return row && { holder, token: Number(row.token) };
    },
    async renew({ token }, ttl) {
      const rows = await state.query(
        sql`update ${leases} set until = clock_timestamp() + ${interval(ttl)}
            where name = ${name} and token = ${token} returning 1`,
      );
      return rows.length === 1;
    },
    async release({ token }) {
      await state.query(sql`update ${leases} set until = clock_timestamp() where name = ${name} and token = ${token}`);
    },

    async cursors(lease, first) {
      const read = async (session: Session) => {
        const rows = await session.query<{ dag: string; until_ms: string }>(
          sql`select dag, ${millis('decided_until')} as until_ms from ${dags}`,
        );
        return new Map(rows.filter(({ dag }) => first.has(dag)).map(({ dag, until_ms }) => [dag, Number(until_ms)]));
      };
      const known = await read(state);
      const fresh = [...first].filter(([dag]) => !known.has(dag));
      if (fresh.length === 0) return known;
      return fenced(lease, async (tx) => {
        for (const [dag, at] of fresh) {
          await tx.query(
            sql`insert into ${dags} (dag, decided_until) values (${dag}, ${iso(at)}) on conflict (dag) do nothing`,
          );
        }
        return read(tx);
      });
    },

    async record(lease, decisions) {
      const rows = decisions.flatMap(({ dag, due, skipped }) => [
        ...due.map((at) => ({ dag, at: iso(at), state: 'due', why: null })),
        ...(skipped ? [{ dag, at: iso(skipped.at), state: 'skipped', why: skipped.why }] : []),
      ]);
      await fenced(lease, async (tx) => {
        await tx.query(
          sql`insert into ${ticks} (dag, at, state, detail, ended_at)
              select dag, at, state, detail, case when state = 'skipped' then now() end
              from unnest(${rows.map((row) => row.dag)}::text[], ${rows.map((row) => row.at)}::timestamptz[],
                ${rows.map((row) => row.state)}::text[], ${rows.map((row) => row.why)}::text[]) as t (dag, at, state, detail)
              on conflict (dag, at) do nothing`,
        );
        await tx.query(
          sql`update ${dags} as d set decided_until = greatest(d.decided_until, n.until)
              from unnest(${decisions.map((one) => one.dag)}::text[],
                ${decisions.map((one) => iso(one.until))}::timestamptz[]) as n (dag, until)
              where d.dag = n.dag`,
        );
      });
    },

    resume: (lease) =>
      fenced(lease, async (tx) => {
        const rows = await tx.query(
          sql`update ${ticks} set state = 'due', interruptions = interruptions + 1
              where state = 'running' and token < ${lease.token} returning 1`,
        );
        return rows.length;
      }),

    async apply(lease, changes) {
      await fenced(lease, async (tx) => {
        for (const change of changes) {
          const { dag, at } = change.tick;
          const here = sql`dag = ${dag} and at = ${iso(at)} and ${from(change, lease)}`;
          const rows = await tx.query(sql`update ${ticks} set ${to(change, lease)} where ${here} returning 1`);
          if (rows.length !== 1) throw new Fault('lost', `${showTick(change.tick)} is not as it was`);
          if ('notices' in change) await addNotices(tx, change, tables);
        }
      });
    },

    async open() {
      const rows = await state.query<OpenRow>(
        sql`select dag, ${millis('at')} as at_ms, state, attempts, interruptions, ${millis('not_before')} as not_before_ms, late_told
            from ${ticks} where state in ('due', 'running') order by at, dag`,
      );
      return rows.map((row) => ({
        dag: row.dag,
        at: Number(row.at_ms),
        state: row.state,
        attempts: row.attempts,
        interruptions: row.interruptions,
        notBefore: Number(row.not_before_ms ?? 0),
        lateTold: row.late_told,
      }));
    },

    async settled(keys) {
      if (keys.length === 0) return [];
      const rows = await state.query<{ state: SettledState | null }>(
        sql`select (select t.state from ${ticks} t
                    where t.dag = k.dag and t.at <= k.at and t.state not in ('due', 'running')
                    order by t.at desc limit 1) as state
            from unnest(${keys.map((key) => key.dag)}::text[], ${keys.map((key) => iso(key.at))}::timestamptz[])
              with ordinality as k (dag, at, place)
            order by k.place`,
      );
      return rows.map((row) => row.state ?? undefined);
    },

    ...openNotices(state, tables),
  };
}

interface OpenRow {
  readonly dag: string;
  readonly at_ms: string;
  readonly state: OpenTick['state'];
  readonly attempts: number;
  readonly interruptions: number;
  readonly not_before_ms: string | null;
  readonly late_told: boolean;
}

/** The states that a change may come from: a run's end only from the run of this very leader. */
function from({ kind }: Change, { token }: Lease): Statement {
  const mine = sql`(state = 'running' and token = ${token})`;
  if (kind === 'start') return sql`state = 'due'`;
  return kind === 'settle' || kind === 'late' ? sql`(state = 'due' or ${mine})` : mine;
}

function to(change: Change, { token }: Lease): Statement {
  switch (change.kind) {
    case 'start':
      return sql`state = 'running', token = ${token}, started_at = now()`;
    case 'stop':
      return sql`state = 'due'`;
    case 'late':
      return sql`late_told = true`;
    case 'again':
      return sql`state = 'due', attempts = attempts + 1, not_before = ${iso(change.notBefore)},
                 run_id = coalesce(${change.runId ?? null}, run_id), detail = ${change.detail ?? null}`;
    case 'settle':
      return sql`state = ${change.state}, ended_at = now(), run_id = coalesce(${change.runId ?? null}, run_id),
                 detail = ${change.detail ?? null}`;
  }
}
