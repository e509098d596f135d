import type { Cell } from '../query/dataset.ts';

/** A slot's content for one key: the whole report, store 42's copy, loan L00042's letter. */
export interface Edition {
  /** Part of the key that prevents a second message. A report without `for_each` has the one edition `whole`. */
  readonly key: string;
  /** As the row says it: `hi`, `en-IN`. */
  readonly locale?: string;
  /** The row it was made of, by column. */
  readonly fields?: Readonly<Record<string, Cell>>;
}

/** The edition of a report that everybody gets alike. */
export const whole: Edition = { key: 'whole' };
