import type { Edition } from '../edition/edition.ts';

/** What a document needs to know besides the rows. */
export interface ComposeFacts {
  /** `2021-12-21`, `2021-W51`, `2021-12`, or an instant. */
  readonly slot: string;
  /** Days, half-open: a day's report has `until` = `from` + 1. */
  readonly period: { readonly from: string; readonly until: string };
  readonly timezone: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly run: string;
  readonly madeAt: Date;
  /** The day after the last day the data is complete for. */
  readonly dataUntil?: string;
  readonly test?: boolean;
  /** Written in it rather than in the edition's own. */
  readonly locale?: string;
  /** The edition of a report that has several. */
  readonly edition?: Edition;
}
