import type { PlaceOf, Problem } from '#engine';
import { type Findings, openFindings } from './findings.ts';
import type { BlockSpec, Deliver, Report, TableSpec } from './schema.ts';

/**
 * Everything wrong with a report that its schema cannot see: names of files, datasets and rules, expressions, templates.
 * Its schedule is checked where slots are made.
 */
export function checkReport(report: Report, placeOf: PlaceOf): readonly Problem[] {
  const findings = openFindings(report, placeOf);
  findings.isTemplate(['title'], report.title);
  for (const [name, dataset] of Object.entries(report.datasets))
    if (typeof dataset === 'string') findings.isFile(['datasets', name], dataset, /\.sql$/);
  checkHeadline(report, findings);
  for (const [index, block] of report.document.entries()) checkBlock(block, ['document', index], findings);
  for (const [index, note] of report.notes.entries()) findings.isTemplate(['notes', index], note);
  checkDeliver(report, findings);
  return findings.problems;
}

function checkHeadline({ headline }: Report, findings: Findings): void {
  for (const [name, figure] of Object.entries(headline)) {
    const path = ['headline', name];
    findings.isFigure(path, figure.value);
    findings.isFigure([...path, 'change'], figure.change);
    findings.isRule([...path, 'format'], figure.format);
    if (figure.trend !== undefined) findings.isDataset([...path, 'trend'], figure.trend.replace(/\..*$/, ''));
  }
}

function checkBlock(block: BlockSpec, path: readonly PropertyKey[], findings: Findings): void {
  if (block === 'page_break') return;
  if ('table' in block) checkTable(block.table, [...path, 'table'], findings);
  else if ('text' in block) findings.isTemplate([...path, 'text'], block.text);
  else if ('movers' in block) {
    findings.isDataset([...path, 'movers', 'data'], block.movers.data);
    findings.isRule([...path, 'movers', 'format'], block.movers.format);
    findings.isRule([...path, 'movers', 'growth'], block.movers.growth);
  } else {
    for (const [at, tile] of block.kpis.entries()) {
      for (const key of ['value', 'change', 'of'] as const) findings.isFigure([...path, 'kpis', at, key], tile[key]);
      findings.isRule([...path, 'kpis', at, 'format'], tile.format);
    }
  }
}

/** Columns are checked where the table names its own; those of a dataset are known only when its query has run. */
function checkTable(table: TableSpec, path: readonly PropertyKey[], findings: Findings): void {
  findings.isDataset([...path, 'data'], table.data);
  const columns = table.columns?.map((column) => column.name);
  for (const [name, format] of Object.entries(table.format)) {
    findings.isRule([...path, 'format', name], format.rule);
    if (columns) findings.isOneOf([...path, 'format', name], 'column of this table', name, columns);
  }
  for (const [index, name] of (table.total ?? []).entries())
    if (columns) findings.isOneOf([...path, 'total', index], 'column of this table', name, columns);
}

function checkDeliver(report: Report, findings: Findings): void {
  const ids = new Set<string>();
  for (const [index, deliver] of report.deliver.entries()) {
    const path = ['deliver', index];
    if (ids.has(deliver.id))
      findings.say([...path, 'id'], 'repeated-id', `two entries of deliver are called "${deliver.id}"`);
    ids.add(deliver.id);
    if ('query' in deliver.to) findings.isFile([...path, 'to', 'query'], deliver.to.query, /\.sql$/);
    for (const key of ['subject', 'body', 'caption'] as const) findings.isTemplate([...path, key], deliver[key]);
    for (const format of sentFormats(deliver))
      if (!report.formats.includes(format))
        findings.say(path, 'format-not-made', `"${format}" is sent but not made`, `Add ${format} to formats.`);
  }
}

const sentFormats = ({ attach, inline }: Deliver) => (inline === undefined ? attach : [...attach, inline]);
