import { Fault } from '../fault.ts';
import { cut, join, type Segment } from '../plan/segments.ts';
import type { FoundFile } from '../plan/step.ts';
import type { Source } from '../project/source.ts';
import { sourceTime } from '../source/source-time.ts';
import { type Calendar, nextAfter } from '../time/grain.ts';
import { merge, type Range, subtract } from '../time/range.ts';
import { startOfDay } from '../time/zone.ts';
import type { RelationName } from '../warehouse/catalogue.ts';
import { type Session, sql } from '../warehouse/database.ts';
import { columnList, columnOf, ident, sameKey } from './stage.ts';

/**
 * Sees to it that no two lines have one `unique_key`: called in the publishing transaction, when the file's old rows are
 * gone and its new ones still in the stage. With `overlap: replace` the rows of other files give way; returns the days
 * they were on. Otherwise throws `Fault` failed naming both files and a key.
 */
export async function settleOverlap(
  tx: Session,
  source: Source,
  file: FoundFile,
  relations: { readonly target: RelationName; readonly stage: RelationName; readonly fileColumn: string },
  calendar: Calendar,
): Promise<Range[]> {
  const { uniqueKey } = source;
  if (!uniqueKey) return [];
  const { target, stage } = relations;
  const key = columnList(uniqueKey);
  const twice = await tx.query(
    sql`select ${key}, count(*) over () as times from ${ident(stage)} group by ${key} having count(*) > 1 limit 1`,
  );
  if (twice[0]) throw repeated(source, file, twice[0], 'more than once');
  const same = sameKey(target, stage, uniqueKey);
  if (source.overlap === 'error') {
    const fields = sql.join(
      uniqueKey.map((column) => columnOf(target, column)),
      ', ',
    );
    const [other] = await tx.query(
      sql`select ${fields}, ${columnOf(target, relations.fileColumn)} as file, count(*) over () as times
          from ${ident(target)} join ${ident(stage)} on ${same} limit 1`,
    );
    if (other) throw repeated(source, file, other, `that ${other['file']} has too`);
    return [];
  }
  const time = source.timeColumn ? sql`${columnOf(target, source.timeColumn)}::varchar(40)` : sql`null::varchar(40)`;
  const gone = await tx.query<{ time: string | null }>(
    sql`select distinct ${time} as "time" from ${ident(target)} join ${ident(stage)} on ${same}`,
  );
  if (gone.length > 0) await tx.query(sql`delete from ${ident(target)} using ${ident(stage)} where ${same}`);
  const { dayOf } = sourceTime(source, calendar);
  return merge(
    gone.flatMap(({ time: text }) => {
      const day = text === null ? undefined : dayOf(text);
      if (day === undefined) return [];
      const from = startOfDay(calendar.timezone, day);
      return [{ from, until: nextAfter('day', from, calendar) }];
    }),
  );
}

/** A load's segments when it has touched some days beside its own. */
export function alsoTouching(segments: readonly Segment[], days: readonly Range[], version: string): Segment[] {
  const others = segments.flatMap((segment) =>
    subtract([segment], cut(days, segment)).map((range) => ({ ...segment, ...range })),
  );
  const touched = days.map((day) => ({ ...day, version }));
  return join([...others, ...touched].sort((a, b) => a.from - b.from));
}

function repeated(source: Source, file: FoundFile, row: Readonly<Record<string, unknown>>, where: string): Fault {
  const example = source.uniqueKey?.map((column) => `${column} ${row[column]}`).join(', ');
  const count = Number(row['times']);
  const lines = count === 1 ? 'a line' : `${count} lines`;
  return new Fault('failed', `${file.file} has ${lines} ${where}, by unique_key: ${example}`, {
    place: { file: file.path },
    hint: 'Nothing of this file was loaded. Where later files correct earlier ones, say overlap: replace in sources.yml.',
  });
}
