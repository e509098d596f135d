import { didYouMean } from '../config/nearest.ts';

/** How a word names nodes where the graph itself can tell; `name` is a word without `method:`. */
export type OwnMethod = 'name' | 'tag' | 'path' | 'source' | 'report' | 'config';
/** What other rooms answer. */
export type AskedMethod = 'state' | 'result' | 'window';

interface Word {
  /** As it was written. */
  readonly word: string;
  readonly value: string;
  /** How many steps up and down the stream are taken along: 0 is none, Infinity all. */
  readonly up: number;
  readonly down: number;
  /** `@`: all that reads it, and all that any of these needs. */
  readonly around: boolean;
}

export interface OwnCriterion extends Word {
  readonly method: OwnMethod;
  /** What follows the method's dot: `materialized` of `config.materialized:view`. */
  readonly key: string | undefined;
}

export interface AskedCriterion extends Word {
  readonly method: AskedMethod;
}

/** One word of a selection: `2+tag:daily+`. */
export type Criterion = OwnCriterion | AskedCriterion;

/** A union of intersections. */
export type Selection = readonly (readonly Criterion[])[];

/** Why a word cannot be understood, or selects nothing. */
export interface Misfit {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/**
 * Reads dbt's selection grammar: words apart by spaces (or given apart) are a union, words joined by commas an
 * intersection. A word is `[@ | [N]+][method[.key]:]value[+[N]]`.
 */
export function parseSelection(texts: readonly string[]): {
  readonly selection: Selection;
  readonly misfits: readonly Misfit[];
} {
  const misfits: Misfit[] = [];
  const joined = texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '');
  if (joined.length === 0 && texts.length > 0)
    misfits.push(misfit('this selection is empty', 'Leave it out to select everything.'));
  const selection = joined.map((words) =>
    words.split(',').flatMap((word) => {
      const parsed = parseWord(word, words);
      if (!('code' in parsed)) return [parsed];
      misfits.push(parsed);
      return [];
    }),
  );
  return { selection, misfits };
}

const shape = /^(?<around>@)?(?:(?<up>\d*)\+)?(?:(?<method>\w+)(?:\.(?<key>\w+))?:)?(?<value>.*?)(?:\+(?<down>\d*))?$/;

function parseWord(word: string, joined: string): Criterion | Misfit {
  const { around, up, method = 'name', key, value = '', down } = shape.exec(word)?.groups ?? {};
  if (word === '')
    return misfit(`nothing stands between the commas of "${joined}"`, 'A comma joins two words: tag:a,tag:b.');
  if (value === '') return misfit(`"${word}" names nothing`, 'Write a name, method:value or *.');
  if (around && (up !== undefined || down !== undefined))
    return misfit(`"${word}" has both @ and +`, '@ takes all readers, and all they need, along by itself.');
  if ((method === 'config') !== (key !== undefined))
    return misfit(
      `"${word}" is no selection`,
      method === 'config' ? 'Write config.materialized:view.' : `Write ${method}:${value}.`,
    );
  const common = { word, value, up: steps(up), down: steps(down), around: around !== undefined };
  if (isOneOf(ownMethods, method)) return { ...common, method, key };
  if (isOneOf(askedMethods, method)) return { ...common, method };
  const known = [...ownMethods, ...askedMethods].filter((one) => one !== 'name');
  return misfit(`"${method}" in "${word}" is no method of selection`, didYouMean(method, known));
}

const ownMethods: readonly OwnMethod[] = ['name', 'tag', 'path', 'source', 'report', 'config'];
const askedMethods: readonly AskedMethod[] = ['state', 'result', 'window'];

function isOneOf<Known extends string>(known: readonly Known[], word: string): word is Known {
  return known.some((one) => one === word);
}

/** `+` is all steps, `2+` two. */
function steps(written: string | undefined): number {
  if (written === undefined) return 0;
  return written === '' ? Number.POSITIVE_INFINITY : Number(written);
}

function misfit(message: string, hint: string | undefined): Misfit {
  return { code: 'selection', message, hint };
}
