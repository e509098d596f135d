// The package has no types of its own; this is the part that is used.
declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** A stream into `copy ... from stdin`; `rowCount` counts once it has finished. */
  export function from(text: string): Writable & Submittable & { readonly rowCount: number };
}
