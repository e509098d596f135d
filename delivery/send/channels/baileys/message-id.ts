import { partReference } from '../../../enqueue/key.ts';

/** How the ids of WhatsApp's web clients begin. */
const prefix = '3EB0';
const digits = 18;

/**
 * The id under which a part goes, made of its key alone: sent once more it is the same message, as when WhatsApp's own apps
 * send again what was not acknowledged.
 */
export function messageId(key: string): string {
  return `${prefix}${key.slice(0, digits)}`.toUpperCase();
}

/** The reference of the part that went under an id; undefined where the id is not one of ours. */
export function referenceOf(id: string): string | undefined {
  const match = /^3EB0([0-9A-F]{18})$/.exec(id);
  return match?.[1] === undefined ? undefined : partReference(match[1].toLowerCase());
}
