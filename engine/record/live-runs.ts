import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Database, sql } from '../warehouse/database.ts';
import { stateSchema } from './state-schema.ts';

/** In seconds: how often a run says that it is alive, when one that is silent keeps nobody waiting, and when it is dead. */
const beat = 5;
const patience = 15;
const silence = 60;

/** A run that began and never ended. */
export interface UnendedRun {
  readonly id: string;
  /** As `processName` wrote it. */
  readonly process: string;
  /** Whether its last heartbeat is too long ago, by the state database's clock. */
  readonly silent: boolean;
}

/** Says that a run is alive, until it is disposed. What cannot be said now is said next time. */
export function heartbeat(state: Database, target: string, runId: string): AsyncDisposable {
  const runs = sql.ident(stateSchema(target), 'runs');
  let saying: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    saying = state.query(sql`update ${runs} set heartbeat_at = now() where id = ${runId}`).catch(() => {});
  }, beat * 1000);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await saying;
    },
  };
}

/** Marks the runs whose process is gone as killed, and returns their ids: what they left running may be ended. */
export async function buryDeadRuns(state: Database, target: string): Promise<string[]> {
  const runs = sql.ident(stateSchema(target), 'runs');
  const unended = await state.query<UnendedRun>(
    sql`select id, process, heartbeat_at < now() - make_interval(secs => ${silence}) as silent
        from ${runs} where state = 'running'`,
  );
  const dead = unended.filter((run) => isDead(run, processName(0), isAlive)).map((run) => run.id);
  if (dead.length === 0) return [];
  const buried = await state.query<{ id: string }>(
    sql`update ${runs} set state = 'killed', ended_at = now() where id = any(${dead}) and state = 'running' returning id`,
  );
  return buried.map((run) => run.id);
}

/** Silent runs are dead; of those of this very machine, so are they whose process is not there. */
export function isDead(run: UnendedRun, here: string, alive: (pid: number) => boolean): boolean {
  if (run.silent) return true;
  const [place = '', pid = ''] = run.process.split('#');
  return `${place}#0` === here && !alive(Number(pid));
}

/**
 * A process by its machine and number. Containers may share a host's name, not its space of process numbers, which
 * belongs to the name where the system tells it.
 */
export function processName(pid: number): string {
  return `${hostname()} ${processSpace()}#${pid}`;
}

function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return process.platform;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the run of this id is at work, as a condition on its id in SQL of ours. */
export function aliveRun(target: string, runId: ReturnType<typeof sql>) {
  const runs = sql.ident(stateSchema(target), 'runs');
  return sql`exists (select 1 from ${runs} r where r.id = ${runId} and r.state = 'running'
                       and r.heartbeat_at >= now() - make_interval(secs => ${patience}))`;
}
