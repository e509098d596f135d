import { z } from 'zod';
import type { Own, Recorder } from '../execute/port.ts';
import { relationName } from '../execute/stage.ts';
import { Fault } from '../fault.ts';
import type { Build, Load, Pass, Recorded } from '../plan/record.ts';
import type { Range } from '../time/range.ts';
import { findRelation, type RelationName } from '../warehouse/catalogue.ts';
import { type Session, type Statement, sql } from '../warehouse/database.ts';
import { recordSchema } from './schema.ts';

const segments = z.array(z.object({ from: z.number(), until: z.number(), version: z.string() }));
const days = z.record(z.string(), z.string());
const inputVersions = z.record(
  z.string(),
  z.union([
    z.object({ kind: z.literal('whole'), version: z.string() }),
    z.object({ kind: z.literal('timed'), segments }),
  ]),
);

interface BuildRow {
  readonly model: string;
  readonly sequence: string;
  readonly build_id: string;
  readonly version: string;
  readonly from_ms: string | null;
  readonly until_ms: string | null;
  readonly sql_hash: string;
  readonly inputs: string;
  readonly horizon_ms: string | null;
  readonly relation_id: string | null;
  readonly audits: string | null;
}

interface PassRow {
  readonly model: string;
  readonly build_id: string;
  readonly from_ms: string | null;
  readonly until_ms: string | null;
  readonly audits: string;
}

interface LoadRow {
  readonly source: string;
  readonly sequence: string;
  readonly load_id: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: string;
  readonly modified_ms: string;
  readonly from_ms: string | null;
  readonly until_ms: string | null;
  readonly segments: string | null;
  readonly relation_id: string | null;
}

const millis = (column: 'from_at' | 'until_at' | 'horizon_at') =>
  sql`cast(extract(epoch from ${sql.ident(column)}) * 1000 as bigint)`;
const buildColumns = sql`model, sequence, build_id, version, ${millis('from_at')} as from_ms,
  ${millis('until_at')} as until_ms, sql_hash, inputs, ${millis('horizon_at')} as horizon_ms, relation_id, audits`;
const loadColumns = sql`source, sequence, load_id, file, sha256, bytes, modified_ms, ${millis('from_at')} as from_ms,
  ${millis('until_at')} as until_ms, segments, relation_id`;
/** What the catalogue calls a table, besides its name. */
const relationId = async (session: Session, relation: RelationName): Promise<Statement> => {
  if (!session.dialect.catalogueInWrites) return sql`${(await findRelation(session, relation))?.id ?? null}`;
  const { schema, name } = relation;
  return sql`(select c.oid::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where n.nspname = ${schema} and c.relname = ${name})`;
};
/** As every server reads it: `2021-12-21 02:30:00.000+00`. */
const instant = (at: number | undefined) =>
  at === undefined ? null : new Date(at).toISOString().replace('T', ' ').replace('Z', '+00');

/**
 * The record of one project in one environment, in the warehouse's own schema for it. `prepareRecord` has made its tables;
 * `own` tells where what it speaks of stands.
 */
export function openRecorder(record: string, own: Own = relationName): Recorder {
  const schema = recordSchema(record);
  const builds = sql.ident(schema, 'builds');
  const loads = sql.ident(schema, 'loads');
  const passes = sql.ident(schema, 'audit_passes');

  return {
    async read(session, names) {
      if (names.length === 0) return recordedOf([], [], []);
      const list = sql.join(
        names.map((name) => sql`${name}`),
        ', ',
      );
      const buildRows = await session.query<BuildRow>(
        sql`select ${buildColumns} from ${builds} where model in (${list}) order by model, sequence`,
      );
      const loadRows = await session.query<LoadRow>(
        sql`select ${loadColumns} from ${loads} where source in (${list}) order by source, sequence`,
      );
      const passRows = await session.query<PassRow>(
        sql`select model, build_id, ${millis('from_at')} as from_ms, ${millis('until_at')} as until_ms, audits
            from ${passes} where model in (${list})`,
      );
      return recordedOf(buildRows.map(buildOf), loadRows.map(loadOf), passRows.map(passOf));
    },

    async fence(tx, name, seen, range) {
      const newer = await tx.query<{ sequence: string; overlaps: boolean }>(
        sql`select sequence, coalesce(${instant(range?.from)}::timestamptz < until_at
                     and from_at < ${instant(range?.until)}::timestamptz, true) as overlaps
            from ${builds} where model = ${name} and sequence > ${seen}
            union all
            select sequence, true from ${loads} where source = ${name} and sequence > ${seen}`,
      );
      if (newer.some((row) => row.overlaps)) {
        throw new Fault('lost', `another run has built ${name} meanwhile; this build was abandoned`, {
          hint: 'Nothing is wrong: its rows are there, and the next run checks whether they are current.',
        });
      }
      return newer.reduce((last, row) => Math.max(last, Number(row.sequence)), seen) + 1;
    },

    async addBuild(tx, build, sequence) {
      await tx.query(
        sql`insert into ${builds} (model, sequence, build_id, version, from_at, until_at, grain, time_zone, sql_hash,
              inputs, horizon_at, row_count, checksum, run_id, built_at, relation_id, audits)
            values (${build.model}, ${sequence}, ${build.id}, ${build.version}, ${instant(build.range?.from)},
              ${instant(build.range?.until)}, ${build.grain ?? null}, ${build.timezone ?? null}, ${build.sqlHash},
              ${JSON.stringify(build.inputs)}, ${instant(build.horizon)}, ${build.rows}, ${build.checksum ?? null}, ${build.runId},
              ${tx.dialect.now}, ${await relationId(tx, own(build.model))}, ${build.audits ? build.audits.join(' ') : null})`,
      );
    },

    async daysOf(session, source, file) {
      const [row] = await session.query<{ days: string | null }>(
        sql`select days from ${loads} where source = ${source} and file = ${file} order by sequence desc limit 1`,
      );
      return row?.days ? days.parse(JSON.parse(row.days)) : {};
    },

    async addLoad(tx, load, sequence) {
      await tx.query(
        sql`insert into ${loads} (source, sequence, load_id, file, sha256, bytes, modified_ms, from_at, until_at,
              segments, days, row_count, run_id, loaded_at, relation_id)
            values (${load.source}, ${sequence}, ${load.id}, ${load.file}, ${load.sha256}, ${load.size},
              ${load.modifiedAt}, ${instant(load.range?.from)}, ${instant(load.range?.until)},
              ${load.segments ? JSON.stringify(load.segments) : null}, ${load.days ? JSON.stringify(load.days) : null}, ${load.rows},
              ${load.runId}, ${tx.dialect.now}, ${await relationId(tx, own(load.source))})`,
      );
    },

    async addPasses(session, passed, runId) {
      if (passed.length === 0) return;
      const rows = passed.map(
        ({ model, build, range, audits }) =>
          sql`(${model}, ${build}, ${instant(range?.from)}::timestamptz, ${instant(range?.until)}::timestamptz,
               ${audits.join(' ')}, ${runId}, ${session.dialect.now})`,
      );
      await session.query(
        sql`insert into ${passes} (model, build_id, from_at, until_at, audits, run_id, passed_at)
            values ${sql.join(rows, ', ')}`,
      );
    },

    async find(tx, id) {
      const buildRows = await tx.query<BuildRow>(
        sql`select ${buildColumns} from ${builds} where build_id = ${id} order by sequence`,
      );
      const loadRows = await tx.query<LoadRow>(sql`select ${loadColumns} from ${loads} where load_id = ${id}`);
      return { builds: buildRows.map(buildOf), loads: loadRows.map(loadOf) };
    },
  };
}

/** All by name; of several loads of one file only the latest counts. */
export function recordedOf(builds: readonly Build[], loads: readonly Load[], passes: readonly Pass[]): Recorded {
  const byModel = Map.groupBy(builds, (build) => build.model);
  const passesBy = Map.groupBy(passes, (pass) => pass.model);
  const bySource = Map.groupBy(loads, (load) => load.source);
  return {
    builds: (model) => byModel.get(model) ?? [],
    loads: (source) => [...new Map((bySource.get(source) ?? []).map((load) => [load.file, load])).values()],
    passes: (model) => passesBy.get(model) ?? [],
    sequence: (name) =>
      [...(byModel.get(name) ?? []), ...(bySource.get(name) ?? [])].reduce(
        (last, one) => Math.max(last, one.sequence),
        0,
      ),
  };
}

function rangeOf(from: string | null, until: string | null): { range?: Range } {
  return from === null || until === null ? {} : { range: { from: Number(from), until: Number(until) } };
}

function buildOf(row: BuildRow): Build {
  return {
    model: row.model,
    sequence: Number(row.sequence),
    id: row.build_id,
    version: row.version,
    ...rangeOf(row.from_ms, row.until_ms),
    sqlHash: row.sql_hash,
    inputs: inputVersions.parse(JSON.parse(row.inputs)),
    ...(row.horizon_ms === null ? {} : { horizon: Number(row.horizon_ms) }),
    ...(row.relation_id === null ? {} : { relation: row.relation_id }),
    ...(row.audits === null ? {} : { audits: hashesIn(row.audits) }),
  };
}

function passOf(row: PassRow): Pass {
  const { model, build_id: build } = row;
  return { model, build, ...rangeOf(row.from_ms, row.until_ms), audits: hashesIn(row.audits) };
}

const hashesIn = (text: string) => text.split(' ').filter(Boolean);

function loadOf(row: LoadRow): Load {
  return {
    source: row.source,
    sequence: Number(row.sequence),
    id: row.load_id,
    file: row.file,
    sha256: row.sha256,
    size: Number(row.bytes),
    modifiedAt: Number(row.modified_ms),
    ...rangeOf(row.from_ms, row.until_ms),
    ...(row.segments === null ? {} : { segments: segments.parse(JSON.parse(row.segments)) }),
    ...(row.relation_id === null ? {} : { relation: row.relation_id }),
  };
}
