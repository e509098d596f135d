import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { Fault, messageOf, type Problem } from '../fault.ts';
import { buildGraph, type GraphNode } from '../graph/graph.ts';
import type { Exposure } from './exposure.ts';
import { dagProblems } from './setting-problems.ts';
import type { Workspace } from './workspace.ts';

/** What the module that project.yml names under `exposures:` has to export. */
export interface ExposuresModule {
  /** `thorough`: name every problem of the reports, not only those that leave their tables unknown. */
  listExposures(
    workspace: Workspace,
    how?: { readonly thorough: boolean },
  ): Promise<{ readonly exposures: readonly Exposure[]; readonly problems: readonly Problem[] }>;
  /** JSON Schemas of the files that it reads, by kind of file: for `engine schema`. */
  fileSchemas?(): Readonly<Record<string, unknown>>;
}

const moduleSchema = z.object({
  listExposures: z.custom<ExposuresModule['listExposures']>((it) => typeof it === 'function'),
  fileSchemas: z.custom<NonNullable<ExposuresModule['fileSchemas']>>((it) => typeof it === 'function').optional(),
});

/**
 * The workspace with its reports: nodes of the graph, so that they can be listed and selected, and their problems. The
 * module is imported only here, at run time: the engine knows nothing of who reads its tables.
 */
export async function withExposures(workspace: Workspace, how = { thorough: false }): Promise<Workspace> {
  const { config } = workspace;
  if (config.exposures === undefined) return workspace;
  const { listExposures } = await importModule(resolve(config.root, config.exposures), config.exposures);
  const { exposures, problems } = await listExposures(workspace, how);
  const reports = exposures.map(
    ({ name, path, reads }): GraphNode => ({ name, kind: 'report', path, tags: [], reads }),
  );
  const { graph } = buildGraph([...workspace.graph.nodes, ...reports]);
  const more = [...problems, ...dagProblems(workspace.project, graph, 'known')];
  return { ...workspace, exposures, graph, problems: [...workspace.problems, ...more] };
}

/** The JSON Schemas of the files that the module reads; none where the project names no module. */
export async function exposedSchemas({ root, exposures }: Config): Promise<Readonly<Record<string, unknown>>> {
  if (exposures === undefined) return {};
  const { fileSchemas } = await importModule(resolve(root, exposures), exposures);
  return fileSchemas?.() ?? {};
}

async function importModule(path: string, written: string): Promise<z.infer<typeof moduleSchema>> {
  const place = { file: 'project.yml' };
  if (!existsSync(path)) throw new Fault('invalid', `exposures: there is no file ${written}`, { place });
  let found: unknown;
  try {
    found = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new Fault('failed', `exposures: ${written} cannot be loaded: ${messageOf(error)}`, { place, cause: error });
  }
  const read = moduleSchema.safeParse(found);
  if (read.success) return read.data;
  throw new Fault('invalid', `exposures: ${written} exports no function listExposures`, { place });
}
