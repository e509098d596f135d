import type { Problem } from '#engine';
import type { Edition } from '../edition/edition.ts';
import type { Cell, Datasets } from '../query/dataset.ts';
import type { Format, Report } from '../report/schema.ts';
import type { CalendarDate } from '../slot/calendar-date.ts';
import type { Slot } from '../slot/slot.ts';

/** What preparing needs of composing and rendering. */
export interface Press {
  /** Makes a document of rows. Pure; throws `Fault` invalid where the report names what is not there. */
  compose(report: Report, datasets: Datasets, facts: PressFacts): Composed;
  /** How many files are worth making side by side, where there are many. */
  readonly sideBySide: number;
}

export interface PressFacts {
  readonly slot: Slot;
  readonly timezone: string;
  readonly vars: Readonly<Record<string, string | number | boolean>>;
  /** The run that made the content, and when: the same whenever it is drawn. */
  readonly run: string;
  readonly madeAt: Date;
  /** The document says that it is a test. */
  readonly test?: boolean;
  readonly edition: Edition;
  /** Written in it rather than in the edition's own. */
  readonly locale?: string;
  /** The day after the last for which the data is complete, where that is known. */
  readonly dataUntil?: CalendarDate;
}

/** A composed document: its words, and its files on demand. */
export interface Composed {
  readonly title: string;
  /** Headline figures by name, exact. */
  readonly figures: Readonly<Record<string, Cell>>;
  /** A text that goes with it: a subject, a body, a caption; `more` adds names such as `recipient`. */
  words(template: string, more: Readonly<Record<string, unknown>>): string;
  /** A mail's HTML part from its text part; `picture`: it shows the inline picture, by `pictureId`. */
  mail(text: string, picture: boolean): string;
  /** Its rows divided into so many documents for a format, or as many as there are rows, each called `part 2 of 3`. */
  pieces(into: number, format: Format): readonly { readonly composed: Composed; readonly part: string }[];
  /** Draws it in a format and compares every figure of the file with the document. `many`: it is one of many. */
  print(format: Format, signal: AbortSignal, many?: boolean): Promise<Printed>;
}

/** A `wrong` file is there to be looked at, and for nothing else. */
export type Printed =
  | ({ readonly kind: 'right' } & PrintedFile)
  | ({ readonly kind: 'wrong'; readonly problems: readonly Problem[] } & PrintedFile)
  | { readonly kind: 'unavailable'; readonly reason: string; readonly hint: string };

export interface PrintedFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly extension: string;
}
