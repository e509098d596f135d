/** Whose SQL a project's models are written in. */
export type Dialect = 'postgres' | 'redshift';

/** The schema of the functions that Redshift's SQL calls on a PostgreSQL. */
export const localSchema = 'redshift';

/** Where a PostgreSQL's session finds names without a schema, in Redshift's dialect: as on Redshift, then in our schema. */
export const localSearchPath: readonly string[] = ['$user', 'public', localSchema];
