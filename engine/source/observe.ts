import { renderCondition } from '../compile/compile.ts';
import { Fault } from '../fault.ts';
import type { Load } from '../plan/record.ts';
import type { Observation, ObservedWindow } from '../plan/step.ts';
import type { Source, Watch } from '../project/source.ts';
import { type Calendar, floorTo, shift, showEdge, windowsOf } from '../time/grain.ts';
import type { Range } from '../time/range.ts';
import { parseDay, startOfDay } from '../time/zone.ts';
import { describeRelation, type RelationColumn, type RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { type WindowSum, windowSums } from '../warehouse/window-sums.ts';
import { type SourceTime, sourceTime } from './source-time.ts';

/** What looking at a table of others needs beside the source. */
export interface ObserveFacts {
  readonly session: Session;
  readonly calendar: Calendar;
  /** Decides which windows are over: rows of the future count for nothing. */
  readonly now: Date;
  /** A query with the project's tables where they are read. */
  readonly placed?: (query: string) => string;
}

type Watched = Source & { readonly watch: Watch };

/**
 * What is new in a table that others load: windows that are over since the last look, and windows within `lookback` whose
 * rows have changed. Undefined when there is nothing new. Reads only; a run records it.
 */
export async function observe(
  source: Watched,
  loads: readonly Load[],
  facts: ObserveFacts,
): Promise<Observation | undefined> {
  const [schema = '', name = ''] = source.name.split('.');
  const relation = { schema, name };
  if (!(await describeRelation(facts.session, relation))) return undefined;
  const windows = source.timeColumn
    ? await observeWindows(source, source.timeColumn, relation, loads, facts)
    : await observeWhole(source, relation, loads, facts);
  return windows.length > 0 ? { source: source.name, windows } : undefined;
}

async function observeWindows(
  source: Watched,
  timeColumn: string,
  relation: RelationName,
  loads: readonly Load[],
  facts: ObserveFacts,
): Promise<ObservedWindow[]> {
  const { calendar, session } = facts;
  const { grain, lookback } = source.watch;
  const time = sourceTime(source, calendar);
  const known = new Map(loads.map((load) => [load.file, load]));
  const seenUntil = loads.reduce<number | undefined>(
    (last, { range }) => (range && (last === undefined || range.until > last) ? range.until : last),
    undefined,
  );
  const begin = seenUntil ?? (await firstInstant(source, timeColumn, relation, time, facts));
  if (begin === undefined) return [];
  const ended = floorTo(grain, shift(facts.now.getTime(), source.watch.closedAfter, -1, calendar), calendar);
  const windows = begin < ended ? [...windowsOf(grain, { from: begin, until: ended }, calendar)] : [];
  const over = await completeUntil(source, { begin, ended: windows, first: seenUntil === undefined }, time, facts);
  const lookFrom = floorTo(grain, shift(Math.max(over, begin), lookback, -1, calendar), calendar);
  const nameOf = (range: Range) =>
    `${showEdge(grain, range.from, calendar)}..${showEdge(grain, range.until, calendar)}`;

  const found: ObservedWindow[] = [];
  const history = { from: begin, until: lookFrom };
  // Nobody looks again at what is older than `lookback`: it is one stretch, complete by its age.
  if (history.from < history.until) {
    found.push({ name: nameOf(history), range: history, fingerprint: '', rows: 0 });
  }
  const newFrom = Math.max(begin, history.until);
  const fresh = newFrom < over ? [...windowsOf(grain, { from: newFrom, until: over }, calendar)] : [];
  const watched = [...known.values()].flatMap(({ range, sha256 }) =>
    range && sha256 !== '' && range.from >= lookFrom ? [range] : [],
  );
  const columns = hashedColumns(source);
  for (const stretch of touching([...watched, ...fresh])) {
    const edges = [stretch[0]?.from ?? 0, ...stretch.map((window) => window.until)].map(time.edge);
    const sums = await windowSums(session, relation, session.dialect.rowTextHash(columns), { timeColumn, edges });
    for (const [index, range] of stretch.entries()) {
      const sum = sums[index];
      if (!sum) continue;
      const window = { name: nameOf(range), range, fingerprint: printOf(sum), rows: sum.rows };
      if (known.get(window.name)?.sha256 !== window.fingerprint) found.push(window);
    }
  }
  return found;
}

/** A table without time is one thing: there, and changed or not. */
async function observeWhole(
  source: Watched,
  relation: RelationName,
  loads: readonly Load[],
  { session }: ObserveFacts,
): Promise<ObservedWindow[]> {
  const columns = hashedColumns(source);
  const [sum] = await session.query<{ rows: string; hashes: string }>(
    sql`select count(*) as "rows", coalesce(sum(${session.dialect.rowTextHash(columns)}), 0) as hashes
        from ${sql.ident(relation.schema, relation.name)}`,
  );
  const fingerprint = `${sum?.rows}:${sum?.hashes}`;
  if (loads.some((load) => load.sha256 === fingerprint)) return [];
  return [{ name: 'all rows', fingerprint, rows: Number(sum?.rows) }];
}

/** What tells whether a row has changed. */
function hashedColumns({ watch, columns }: Watched): Pick<RelationColumn, 'name' | 'kind'>[] {
  const names = watch.updatedColumn ? [watch.updatedColumn] : Object.keys(columns);
  return names.map((name) => ({ name, kind: /^bool/i.test(columns[name]?.type ?? '') ? 'boolean' : 'other' }));
}

/** The declared start, else the oldest row's window; undefined for an empty table. */
async function firstInstant(
  source: Watched,
  timeColumn: string,
  relation: RelationName,
  time: SourceTime,
  { session, calendar }: ObserveFacts,
): Promise<number | undefined> {
  if (source.watch.start) return startOfDay(calendar.timezone, parseDay(source.watch.start) ?? 0);
  const [row] = await session.query<{ first: string | null }>(
    sql`select min(${sql.ident(timeColumn)})::text as first from ${sql.ident(relation.schema, relation.name)}`,
  );
  const day = row?.first ? time.dayOf(row.first) : undefined;
  return day === undefined ? undefined : floorTo(source.watch.grain, startOfDay(calendar.timezone, day), calendar);
}

/**
 * As far as the table is complete, of windows that have ended: up to the first that `complete_when` does not call complete;
 * at the first look, up to the newest that it does, so that long histories need few questions.
 */
async function completeUntil(
  source: Watched,
  stretch: { readonly begin: number; readonly ended: readonly Range[]; readonly first: boolean },
  time: SourceTime,
  { session, placed = (query) => query }: ObserveFacts,
): Promise<number> {
  const { begin, ended, first } = stretch;
  const { completeWhen } = source.watch;
  if (completeWhen === undefined) return ended.at(-1)?.until ?? begin;
  const isComplete = async (window: Range): Promise<boolean> => {
    const edges = { from: time.edge(window.from), until: time.edge(window.until) };
    const query = placed(renderCondition(completeWhen, edges, source.path));
    const [answer] = await session.query(sql`select (${sql.__dangerous__rawValue(query)}) as complete`);
    const said = answer?.['complete'];
    if (said === true || said === false || said === null) return said === true;
    throw new Fault('invalid', `complete_when of ${source.name} gives ${JSON.stringify(said)}, not true or false`, {
      place: { file: source.path },
    });
  };
  if (first) {
    for (const window of ended.toReversed()) if (await isComplete(window)) return window.until;
    return begin;
  }
  let until = begin;
  for (const window of ended) {
    if (!(await isComplete(window))) break;
    until = window.until;
  }
  return until;
}

/** Windows in runs without gaps, each to be read by one query. */
function touching(windows: readonly Range[]): Range[][] {
  const runs: Range[][] = [];
  for (const window of windows.toSorted((a, b) => a.from - b.from)) {
    const run = runs.at(-1);
    if (run?.at(-1)?.until === window.from) run.push(window);
    else runs.push([window]);
  }
  return runs;
}

const printOf = ({ rows, hashes }: WindowSum) => `${rows}:${hashes}`;
