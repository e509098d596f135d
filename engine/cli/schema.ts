import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { projectFileSchema } from '../config/project-file.ts';
import { Fault } from '../fault.ts';
import { dagSchema } from '../project/dag.ts';
import { modelHeaderSchema } from '../project/model-header.ts';
import { seedSchema } from '../project/seed.ts';
import { sourcesSchema } from '../project/source.ts';
import { unitTestsSchema } from '../project/unit-test.ts';
import type { Call } from './program.ts';

export const usage = `[project|model|sources|seed|test|dag]

Prints the JSON Schema of a kind of file, for editors; without a word, all of them in one object.`;
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

export async function run(call: Call): Promise<number> {
  const [kind] = call.positionals;
  const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  if (kind !== undefined && !Object.hasOwn(schemas, kind)) {
    throw new Fault('invalid', `there is no file of kind "${kind}"`, {
      hint: didYouMean(kind, Object.keys(schemas)) ?? '',
    });
  }
  const answer =
    kind === undefined
      ? Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)]))
      : jsonSchema(schemas[kind as keyof typeof schemas]);
  call.print(JSON.stringify(answer, null, 2));
  call.answer(answer);
  return 0;
}
