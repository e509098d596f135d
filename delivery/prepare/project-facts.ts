import { Fault, localQuery, readReferences, rewritesFor, type Workspace } from '#engine';
import type { ProjectFacts, TableReference } from './queries.ts';

/** What the engine's reading of a project tells delivery. */
export function projectFacts({ config, project, places, columns }: Workspace): ProjectFacts {
  const relations = [...project.sources.values(), ...project.models.values()];
  // They are there: a report that reads them has no problem of its own.
  const unreadable = [...project.unreadable].map((name) => [name, {}] as const);
  return {
    vars: config.vars,
    timezone: config.calendar.timezone,
    relations: new Map([...unreadable, ...relations.map(({ name, timeColumn }) => [name, { timeColumn }] as const)]),
    performed: (sql, file) =>
      localQuery(sql, { dialect: rewritesFor(config) ? config.dialect : 'postgres', file, known: columns }),
    reads: (sql) => referencesOf(sql).map(({ table }) => table),
    references: referencesOf,
    placed(sql) {
      const { text, uncertain } = places.rename(sql);
      const [first] = uncertain;
      if (first) throw new Fault('invalid', `a report's query on target ${config.targetName}: ${first.message}`);
      return text;
    },
  };
}

function referencesOf(sql: string): TableReference[] {
  return readReferences(sql, 'postgres')
    .flatMap(({ reads }) => reads)
    .map(({ schema, name, start }) => {
      const before = sql.slice(0, start).split('\n');
      const column = (before.at(-1)?.length ?? 0) + 1;
      return { table: schema === undefined ? name : `${schema}.${name}`, line: before.length, column };
    });
}
