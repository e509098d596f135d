import { type Database, sql } from '../warehouse/database.ts';
import { stateSchema } from './state-schema.ts';

/** How a run ended. `killed`: its process was gone, which the next run noticed. */
export type RunState = 'running' | 'done' | 'failed' | 'cancelled' | 'killed';

export interface RunRow {
  readonly id: string;
  readonly command: string;
  readonly state: RunState;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly steps: number;
  readonly failed: number;
}

export interface StepRow {
  readonly step: number;
  readonly kind: string;
  readonly model: string;
  readonly from: string | null;
  readonly until: string | null;
  readonly reason: string;
  readonly outcome: string | null;
  readonly rows: string | null;
  readonly ms: number | null;
  readonly error: string | null;
}

/** The history of runs, in the state database. It tells what happened; what is built, the warehouse's record tells. */
export interface RunHistory {
  begin(
    run: { readonly id: string; readonly command: string; readonly process: string },
    steps: readonly Omit<StepRow, 'outcome' | 'rows' | 'ms' | 'error'>[],
  ): Promise<void>;
  endStep(
    runId: string,
    step: Pick<StepRow, 'step' | 'outcome' | 'ms' | 'error'> & { readonly rows: number | null },
  ): Promise<void>;
  end(runId: string, state: RunState): Promise<void>;
  runs(limit: number): Promise<RunRow[]>;
  /** The steps of one run; of an unknown run, none. */
  steps(runId: string): Promise<StepRow[]>;
}

/** The history of one target. `prepareState` has made its tables. */
export function openRunHistory(state: Database, target: string): RunHistory {
  const schema = stateSchema(target);
  const runs = sql.ident(schema, 'runs');
  const steps = sql.ident(schema, 'steps');
  return {
    async begin(run, planned) {
      await state.transaction(async (tx) => {
        await tx.query(
          sql`insert into ${runs} (id, command, state, process, heartbeat_at)
              values (${run.id}, ${run.command}, 'running', ${run.process}, now())`,
        );
        const of = <K extends keyof (typeof planned)[number]>(key: K) => planned.map((step) => step[key]);
        await tx.query(
          sql`insert into ${steps} (run_id, step, kind, model, from_edge, until_edge, reason)
              select ${run.id}, * from unnest(${of('step')}::int[], ${of('kind')}::text[], ${of('model')}::text[],
                ${of('from')}::text[], ${of('until')}::text[], ${of('reason')}::text[])`,
        );
      });
    },
    async endStep(runId, step) {
      await state.query(
        sql`update ${steps} set outcome = ${step.outcome}, rows = ${step.rows}, ms = ${step.ms}, error = ${step.error}
            where run_id = ${runId} and step = ${step.step}`,
      );
    },
    async end(runId, end) {
      await state.query(sql`update ${runs} set state = ${end}, ended_at = now() where id = ${runId}`);
    },
    runs: (limit) =>
      state.query<RunRow>(
        sql`select r.id, r.command, r.state, r.started_at, r.ended_at, count(s.step)::int as steps,
                   (count(s.step) filter (where s.outcome in ('failed', 'audit-failed', 'blocked')))::int as failed
            from ${runs} r left join ${steps} s on s.run_id = r.id
            group by r.id order by r.started_at desc limit ${limit}`,
      ),
    steps: (runId) =>
      state.query<StepRow>(
        sql`select step, kind, model, from_edge as from, until_edge as until, reason, outcome, rows, ms, error
            from ${steps} where run_id = ${runId} order by step`,
      ),
  };
}
