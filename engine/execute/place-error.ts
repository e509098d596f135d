import { Fault } from '../fault.ts';
import type { Model } from '../project/model.ts';
import { sqlErrorOf, withoutPosition } from '../warehouse/sql-error.ts';

/**
 * An error of a step in the words of its model: at the line of the model's file (the query stands one line below the
 * statement that carries it), that one place and no other, and by the model's name where the server names its stage.
 */
export function placeError(error: unknown, model: Model | undefined): unknown {
  if (!(error instanceof Fault) || !model) return error;
  const named = (text: string) => text.replaceAll(stages, model.name);
  const line = sqlErrorOf(error)?.line;
  const found =
    line === undefined || line < 2 ? { file: model.path } : { file: model.path, line: model.bodyLine + line - 2 };
  const place = error.place ?? found;
  const message = named(place.line === undefined ? error.message : withoutPosition(error.message));
  return new Fault(error.code, message, {
    place,
    problems: error.problems,
    ...(error.hint ? { hint: named(error.hint) } : {}),
    cause: error.cause,
  });
}

/** A stage, with or without its schema, as servers write it. */
const stages = /\b(?:tiffin_[a-z0-9_]+\.)?stage_[a-z0-9]{16,}\b/g;
