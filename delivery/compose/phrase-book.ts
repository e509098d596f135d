/** The words that reports say of themselves, whoever wrote them. Counts and dates come in as text, in the document's digits. */
export interface Phrases {
  readonly notes: string;
  readonly total: string;
  readonly noRows: string;
  /** `page 1 of 3` */
  page(page: string, pages: string): string;
  /** Of a report that is divided among several files: `part 2 of 3` */
  part(number: string, parts: string): string;
  /** The total of a table cut to its first rows, and that of all of them. */
  totalOfShown(rows: string): string;
  all(rows: string, inWorkbook: boolean): string;
  /** Notes: a dash and its reason (of a cut table among the rows shown and among all), a cut, how far the data goes, what an empty cell of the workbook is. */
  dashes(rows: string, one: boolean, reason: string): string;
  dashesOfShown(shown: string, all: string, reason: string): string;
  cut(shown: string, rows: string, inWorkbook: boolean): string;
  complete(day: string): string;
  readonly emptyCell: string;
  /** `52 of 60` is the figure and this. */
  of(whole: string): string;
  /** What a growth says in words. */
  readonly isNew: string;
  readonly stopped: string;
  readonly yes: string;
  readonly no: string;
  /** In a sentence: `up 14.8 %`. */
  up(change: string): string;
  down(change: string): string;
  flat(change: string): string;
  /** A change in words with what it is against. */
  news(change: string, against: string): string;
  /** Where a point lies against those before it. */
  readonly above: string;
  readonly within: string;
  readonly below: string;
  readonly unknown: string;
  /** Headings of what changed. */
  readonly whatChanged: string;
  readonly change: string;
  readonly growth: string;
  /** `Week 9, 28 Feb 2022 – 6 Mar 2022` */
  week(number: string, days: string): string;
  made(run: string, at: string): string;
  last(points: string): string;
  /** Stands below a picture. */
  readonly moreInReport: string;
  /** The workbook's own sheets and headings. */
  readonly summary: string;
  readonly definitions: string;
  readonly charts: string;
  readonly figure: string;
  readonly value: string;
  readonly ofWhole: string;
  readonly changeInPercent: string;
  readonly comparedWith: string;
  /** Large numbers in a word. */
  readonly lakh: string;
  readonly crore: string;
  readonly million: string;
  readonly billion: string;
}
