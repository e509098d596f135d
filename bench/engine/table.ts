/** One column of a printed table: its heading, and whether its cells are figures. */
export interface Column {
  readonly heading: string;
  readonly figure?: boolean;
}

/** Prints a table: a title, headings, rows. Cells are text; figures stand to the right. */
export function printTable(title: string, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const lines = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  const show = (line: readonly string[]) =>
    columns
      .map(({ figure }, index) =>
        figure ? (line[index] ?? '').padStart(widths[index] ?? 0) : (line[index] ?? '').padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  process.stdout.write(`\n${title}\n${lines.map((line) => `  ${show(line)}\n`).join('')}`);
}

/** A line below a table. */
export const say = (line: string): void => void process.stdout.write(`  ${line}\n`);

export const seconds = (value: number): string => value.toFixed(2);
export const millis = (value: number): string => value.toFixed(0);
export const ratio = (one: number, other: number): string => `x ${(one / other).toFixed(2)}`;

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
