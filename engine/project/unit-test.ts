import { z } from 'zod';
import type { PlaceOf } from '../config/yaml.ts';
import { columnName, day, relation } from './model-header.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const rows = z.array(z.record(columnName, value));

/** An edge of a window: a date of the business zone, or an instant for windows of an hour. */
const edge = z.union([day, z.iso.datetime({ offset: true })]);

/** `models/**\/*.test.yml`: what models give for rows made up. */
export const unitTestsSchema = z.strictObject({
  tests: z.array(
    z.strictObject({
      name: columnName,
      description: z.string().default(''),
      model: relation,
      /** The windows to build; needed by incremental models by time. */
      window: z.strictObject({ from: edge, until: edge }).optional(),
      /** What `now()`, `current_timestamp` and `current_date` say. */
      now: z.iso.datetime({ offset: true }).optional(),
      /** Rows by table. What is not given is computed from what it reads; a source that is not given is empty. */
      given: z.record(relation, rows).default({}),
      /** The rows that must come out, in any order; of each, only the columns that are named in any of them. */
      expect: rows,
    }),
  ),
});

/** One unit test of a model. */
export interface UnitTest extends Readonly<z.infer<typeof unitTestsSchema>['tests'][number]> {
  readonly path: string;
  readonly placeOf: PlaceOf;
}
