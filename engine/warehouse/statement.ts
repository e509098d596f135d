import type { SQLQuery } from '@databases/pg';

export { sql } from '@databases/pg';

/** A statement made by the `sql` tag: every value is a parameter, every name goes through `sql.ident`. */
export type Statement = SQLQuery;
