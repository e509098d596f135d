import { Fault } from '#engine';
import { type Edition, whole } from '../edition/edition.ts';
import type { Format } from '../report/schema.ts';
import type { Printed } from './press.ts';

type Right = Extract<Printed, { kind: 'right' }>;
type Wrong = Extract<Printed, { kind: 'wrong' }>;

/** Lets a file pass only when its figures are right. Throws `Fault` failed, which names edition and language. */
export function rightOrThrow(printed: Printed, edition: Edition, format: Format): Right {
  if (printed.kind === 'right') return printed;
  if (printed.kind === 'wrong') throw refusalOf(printed, edition, format);
  throw new Fault('failed', `${format} cannot be made here: ${printed.reason}`, { hint: printed.hint });
}

/** Why a file may not leave. What differs stands in the problems alone: the message is written down, and cells may be private. */
export function refusalOf({ problems }: Wrong, edition: Edition, format: Format, hint?: string): Fault {
  const message = `the ${format}${ofEdition(edition)} does not say what the data says; it was not sent`;
  return new Fault('failed', message, { problems, ...(hint === undefined ? {} : { hint }) });
}

/** ` of edition L00042 (hi)`; nothing where there is one for all. */
const ofEdition = ({ key, locale }: Edition) =>
  key === whole.key ? '' : ` of edition ${key}${locale === undefined ? '' : ` (${locale})`}`;
