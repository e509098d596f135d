type Row = Readonly<Record<string, unknown>>;

/** Rows as a plain text table: columns padded, numbers to the right, null as an empty cell. Keys of the first row rule. */
export function textTable(rows: readonly object[]): string {
  const [first] = rows;
  if (!first) return '(no rows)';
  const columns = Object.keys(first);
  const cells = rows.map((row) => columns.map((column) => show((row as Row)[column])));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const numeric = columns.map((_, index) => cells.every((row) => /^(-?\d+(\.\d+)?)?$/.test(row[index] ?? '')));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => (numeric[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Rows as CSV with a line of headings, RFC 4180. */
export function csvText(rows: readonly object[]): string {
  const [first] = rows;
  if (!first) return '';
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const columns = Object.keys(first);
  const lines = [columns, ...rows.map((row) => columns.map((column) => show((row as Row)[column])))];
  return lines.map((line) => line.map(quote).join(',')).join('\n');
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `950 ms`, `12.3 s`, `4 min 05 s`. */
export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 100_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`;
}

/** `1,188,488`. */
export function showCount(count: number): string {
  return count.toLocaleString('en-US');
}
