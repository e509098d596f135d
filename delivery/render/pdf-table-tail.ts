import { createRequire } from 'node:module';

/** What is used of pdfmake's writer: blocks may stand within blocks, and the outermost moves to the next page whole. */
interface PageWriter {
  beginUnbreakableBlock(): void;
  commitUnbreakableBlock(): void;
}

/** What is used of pdfmake's class for tables, which it does not export; its version is pinned. */
interface TableProcessor {
  readonly tableNode: { readonly table: { readonly body: readonly unknown[]; readonly keepFrom?: number } };
  beginRow(row: number, writer: PageWriter): void;
  endRow(row: number, writer: PageWriter, breaks: unknown): void;
}

let kept = false;

/**
 * Teaches pdfmake's tables `keepFrom`, a row index: the rows from it to the last stay on one page, so that no page holds
 * nothing of a table but its last row or its totals.
 */
export function keepTails(): void {
  if (kept) return;
  kept = true;
  const { default: processor } = createRequire(import.meta.url)('pdfmake/js/TableProcessor.js') as {
    default: { readonly prototype: TableProcessor };
  };
  const { beginRow, endRow } = processor.prototype;
  processor.prototype.beginRow = function (row, writer) {
    if (row === this.tableNode.table.keepFrom) writer.beginUnbreakableBlock();
    beginRow.call(this, row, writer);
  };
  processor.prototype.endRow = function (row, writer, breaks) {
    endRow.call(this, row, writer, breaks);
    const { body, keepFrom } = this.tableNode.table;
    if (keepFrom !== undefined && keepFrom < body.length && row === body.length - 1) writer.commitUnbreakableBlock();
  };
}
