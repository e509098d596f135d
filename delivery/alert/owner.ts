import { createHash } from 'node:crypto';
import type { Lanes } from '../edition/lane.ts';
import type { Rung } from '../edition/plan-messages.ts';

/** Somebody who answers for reports: `email:reports@example.com`. */
export interface Owner {
  /** A name that the trail may show: it does not tell the address. */
  readonly id: string;
  readonly rung: Rung;
}

/** Reads `lane:address`; undefined where the project has no such lane. */
export function ownerOf(text: string, lanes: Lanes): Owner | undefined {
  const split = text.indexOf(':');
  const lane = lanes.get(text.slice(0, split));
  const address = text.slice(split + 1).trim();
  if (split < 1 || lane === undefined || address === '') return undefined;
  return { id: ownerName(text), rung: { lane: lane.name, address, split: lane.split } };
}

/** A name for `lane:address` that does not tell the address. */
export function ownerName(text: string): string {
  return `owner-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
