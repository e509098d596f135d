import { z } from 'zod';
import { type Config, findRoot, loadConfig } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import { projectFileSchema } from '../config/project-file.ts';
import { Fault } from '../fault.ts';
import { dagSchema } from '../project/dag.ts';
import { modelHeaderSchema } from '../project/model-header.ts';
import { seedSchema } from '../project/seed.ts';
import { sourcesSchema } from '../project/source.ts';
import { unitTestsSchema } from '../project/unit-test.ts';
import { exposedSchemas } from '../run/exposures.ts';
import type { Call } from './program.ts';

export const usage = `[project|model|sources|seed|test|dag|report|formats]

Prints the JSON Schema of a kind of file, for editors; without a word, all of them in one object.
Those of reports come from the module that project.yml names under exposures:, so that they are there inside a project.`;
export const options = {};
export const positionals = 1;

const schemas = {
  project: projectFileSchema,
  model: modelHeaderSchema,
  sources: sourcesSchema,
  test: unitTestsSchema,
  seed: seedSchema,
  dag: dagSchema,
};
export const examples = ['schema model > model.schema.json'];

export async function run(call: Call): Promise<number> {
  const [kind] = call.positionals;
  const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const ours = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)]));
  const all: Readonly<Record<string, unknown>> = { ...ours, ...(await schemasOfExposures(call)) };
  if (kind !== undefined && !Object.hasOwn(all, kind)) {
    const hint = didYouMean(kind, Object.keys(all));
    throw new Fault('invalid', `there is no file of kind "${kind}"`, hint ? { hint } : {});
  }
  const answer = kind === undefined ? all : all[kind];
  call.print(JSON.stringify(answer, null, 2));
  call.answer(answer);
  return 0;
}

/** The schemas of files that only the module of exposures knows; none outside a project. */
async function schemasOfExposures({ environment }: Call): Promise<Readonly<Record<string, unknown>>> {
  let config: Config;
  try {
    config = loadConfig(findRoot(process.cwd()), environment);
  } catch (error) {
    // A schema helps to write the file that is not right yet.
    if (error instanceof Fault) return {};
    throw error;
  }
  return exposedSchemas(config);
}
