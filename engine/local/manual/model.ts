/** A model in Redshift's dialect and the rows it must give; for the tests of this room. */
export interface ManualModel {
  /** The title of the manual's page that states the rows; `unverified` where no page that we have does. */
  readonly page: string;
  readonly sql: string;
  /** Values as text, null for null; numbers are compared as numbers. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export const model = (page: string, sql: string, ...rows: (string | null)[][]): ManualModel => ({ page, sql, rows });
