import { type Database, sql } from '#engine';
import type { SessionNews, SessionStore } from '../send/sessions.ts';
import type { Tables } from './tables.ts';

/** Seconds for which a wish to have the session counts: who still waits wishes again. */
const wishFor = 10;

/** Keeps a lane's session. Changes are fenced by the owner's lease, on the database's clock. */
export function sessionOf(database: Database, t: Tables, lane: string): SessionStore {
  return {
    async take(owner, seconds, insist) {
      const rows = await database.query(sql`
        insert into ${t.sessions} (lane, owner, lease_until)
        values (${lane}, ${owner}, now() + make_interval(secs => ${seconds}))
        on conflict (lane) do update set owner = excluded.owner, lease_until = excluded.lease_until,
          wanted_at = case when sessions.owner = excluded.owner then sessions.wanted_at end
          where sessions.owner is null or sessions.owner = excluded.owner or sessions.lease_until < now()
        returning lane`);
      if (rows.length === 0 && insist) {
        await database.query(sql`update ${t.sessions} set wanted_at = now() where lane = ${lane}`);
      }
      return rows.length > 0;
    },

    async wanted() {
      const rows = await database.query(sql`
        select lane from ${t.sessions}
        where lane = ${lane} and wanted_at > now() - make_interval(secs => ${wishFor})`);
      return rows.length > 0;
    },

    async leave(owner) {
      await database.query(sql`
        update ${t.sessions} set owner = null, lease_until = null where lane = ${lane} and owner = ${owner}`);
    },

    async read(kind, ids) {
      const chosen = ids === undefined ? sql`true` : sql`id = any(${[...ids]})`;
      const rows = await database.query<{ id: string; value: string }>(sql`
        select id, value from ${t.session_values} where lane = ${lane} and kind = ${kind} and ${chosen}`);
      return new Map(rows.map(({ id, value }) => [id, value]));
    },

    async write(owner, changes) {
      const rows = await database.query<{ mine: boolean }>(sql`
        with mine as (
          select lane from ${t.sessions} where lane = ${lane} and owner = ${owner} and lease_until > now() for share
        ),
        asked as (
          select a.kind, a.id, a.value
          from mine, jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as a (kind text, id text, value text)
        ),
        removed as (
          delete from ${t.session_values} v using asked a
          where v.lane = ${lane} and v.kind = a.kind and v.id = a.id and a.value is null
        ),
        kept as (
          insert into ${t.session_values} (lane, kind, id, value)
          select ${lane}, kind, id, value from asked where value is not null
          on conflict (lane, kind, id) do update set value = excluded.value, changed_at = now()
        )
        select exists (select from mine) as mine`);
      return rows[0]?.mine === true;
    },

    async forget() {
      await database.query(sql`delete from ${t.session_values} where lane = ${lane}`);
    },

    async forgetOlder(kind, seconds) {
      await database.query(sql`
        delete from ${t.session_values}
        where lane = ${lane} and kind = ${kind} and changed_at < now() - make_interval(secs => ${seconds})`);
    },

    async note(text) {
      await database.query(sql`insert into ${t.session_news} (lane, body) values (${lane}, ${text})`);
    },

    async news(after) {
      if (after !== undefined) {
        await database.query(sql`delete from ${t.session_news} where lane = ${lane} and id <= ${after}::bigint`);
      }
      return database.query<SessionNews>(sql`
        select id::text as number, body as text from ${t.session_news} where lane = ${lane} order by id limit 500`);
    },
  };
}
