import type { Rebuild } from '../plan/request.ts';
import { type Database, sql } from '../warehouse/database.ts';
import { stateSchema } from './state-schema.ts';

interface RequestRow {
  readonly id: string;
  readonly models: readonly string[];
  readonly from_ms: string | null;
  readonly until_ms: string | null;
  readonly refresh: boolean;
}

/**
 * What people asked to be built again although it is current, kept until it is done: a run that is killed half-way is
 * taken up by the next, which builds what the record does not show to be newer than the request.
 */
export interface Requests {
  record(request: Rebuild, command: string): Promise<void>;
  open(): Promise<Rebuild[]>;
  close(ids: readonly string[]): Promise<void>;
}

/** The requests of one target. `prepareState` has made their table. */
export function openRequests(state: Database, target: string): Requests {
  const requests = sql.ident(stateSchema(target), 'requests');
  return {
    async record({ since, models, range, refresh }, command) {
      await state.query(
        sql`insert into ${requests} (id, command, models, from_ms, until_ms, refresh)
            values (${since}, ${command}, ${[...models]}, ${range?.from ?? null}, ${range?.until ?? null}, ${refresh})`,
      );
    },
    async open() {
      const rows = await state.query<RequestRow>(
        sql`select id, models, from_ms, until_ms, refresh from ${requests} where done_at is null order by id`,
      );
      return rows.map(({ id, models, from_ms: from, until_ms: until, refresh }) => ({
        since: id,
        models: new Set(models),
        ...(from === null || until === null ? {} : { range: { from: Number(from), until: Number(until) } }),
        refresh,
      }));
    },
    async close(ids) {
      if (ids.length > 0) await state.query(sql`update ${requests} set done_at = now() where id = any(${[...ids]})`);
    },
  };
}
