/** A row as text by column, null where it has none. */
export type TextRow = Readonly<Record<string, string | null>>;

/** A row that is lacking, a row too many, or two of one key that differ. */
export type RowDiff =
  | { readonly kind: 'missing'; readonly row: TextRow }
  | { readonly kind: 'unexpected'; readonly row: TextRow }
  | {
      readonly kind: 'differs';
      readonly expected: TextRow;
      readonly actual: TextRow;
      readonly columns: readonly string[];
    };

/**
 * How two sets of rows differ, whatever their order; rows may be there more than once. Rows of one key are put side by
 * side; without a key those that agree in the most columns are.
 */
export function diffRows(expected: readonly TextRow[], actual: readonly TextRow[], key: readonly string[]): RowDiff[] {
  const left = [...actual];
  const missing: TextRow[] = [];
  for (const row of expected) {
    const at = left.findIndex((other) => differing(row, other).length === 0);
    if (at < 0) missing.push(row);
    else left.splice(at, 1);
  }
  const diffs: RowDiff[] = [];
  for (const row of missing) {
    const at = nearest(row, left, key);
    const other = left[at];
    if (!other) diffs.push({ kind: 'missing', row });
    else {
      left.splice(at, 1);
      diffs.push({ kind: 'differs', expected: row, actual: other, columns: differing(row, other) });
    }
  }
  return [...diffs, ...left.map((row): RowDiff => ({ kind: 'unexpected', row }))];
}

/** The differences as lines: `-` lacking, `+` too many, `~` with the cells that differ as `expected -> actual`. */
export function showRowDiffs(diffs: readonly RowDiff[], key: readonly string[]): string[] {
  return diffs.map((diff) => {
    if (diff.kind === 'missing') return `- ${cells(diff.row, Object.keys(diff.row))}`;
    if (diff.kind === 'unexpected') return `+ ${cells(diff.row, Object.keys(diff.row))}`;
    const { expected, actual, columns } = diff;
    const same = Object.keys(expected).filter((column) => !columns.includes(column));
    const named = key.length > 0 && key.every((column) => same.includes(column)) ? key : same;
    const changes = columns.map((column) => `${column}: ${show(expected[column])} -> ${show(actual[column])}`);
    return `~ ${[cells(expected, named), ...changes].filter(Boolean).join('  ')}`;
  });
}

function differing(a: TextRow, b: TextRow): string[] {
  return Object.keys(a).filter((column) => a[column] !== b[column]);
}

/** The row to put beside another; -1 for none. */
function nearest(row: TextRow, others: readonly TextRow[], key: readonly string[]): number {
  if (key.length > 0 && key.every((column) => column in row))
    return others.findIndex((other) => key.every((column) => row[column] === other[column]));
  const columns = Object.keys(row).length;
  let best = -1;
  let least = columns / 2;
  for (const [index, other] of others.entries()) {
    const count = differing(row, other).length;
    if (count > least) continue;
    [best, least] = [index, count - 1];
  }
  return best;
}

const cells = (row: TextRow, columns: readonly string[]) =>
  columns.map((column) => `${column}: ${show(row[column])}`).join('  ');
const show = (value: string | null | undefined) => (value === null || value === undefined ? 'null' : value);
