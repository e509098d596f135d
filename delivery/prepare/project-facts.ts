import { readReferences, type Workspace } from '#engine';
import type { ProjectFacts } from './queries.ts';

/** What the engine's reading of a project tells delivery. */
export function projectFacts({ config, project }: Workspace): ProjectFacts {
  const relations = [...project.sources.values(), ...project.models.values()];
  return {
    vars: config.vars,
    timezone: config.calendar.timezone,
    relations: new Map(relations.map(({ name, timeColumn }) => [name, { timeColumn }])),
    reads: (sql) =>
      readReferences(sql, 'postgres')
        .flatMap(({ reads }) => reads)
        .map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`)),
  };
}
