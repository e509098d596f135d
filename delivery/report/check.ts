import { nearest, type PlaceOf, type Problem } from '#engine';
import { type Findings, openFindings } from './findings.ts';
import type { BlockSpec, Deliver, Report, TableSpec, Words } from './schema.ts';

/**
 * Everything wrong with a report that its schema cannot see: names of files, datasets and rules, expressions, templates.
 * Its schedule is checked where slots are made.
 */
export function checkReport(report: Report, placeOf: PlaceOf): readonly Problem[] {
  const findings = openFindings(report, placeOf);
  findings.isTemplate(['title'], report.title);
  for (const [name, dataset] of Object.entries(report.datasets))
    if ('query' in dataset) findings.isFile(['datasets', name], dataset.query, /\.sql$/);
  if (report.for_each !== undefined) findings.isFile(['for_each', 'query'], report.for_each.query, /\.sql$/);
  checkWords(report, findings);
  checkHeadline(report, findings);
  for (const [index, block] of report.document.entries()) checkBlock(block, report, ['document', index], findings);
  for (const [index, note] of report.notes.entries()) findings.isTemplate(['notes', index], note);
  findings.isTemplate(['password'], report.password);
  checkDeliver(report, findings);
  return findings.problems;
}

/** A word that one language lacks would stop the letters of that language only, and only when they are made. */
function checkWords({ words }: Report, { say }: Findings): void {
  for (const { language, name } of missingWords(words))
    say(['words', language], 'missing-word', `there is no "${name}" in ${language}`);
}

/** Words that some languages have and one has not. */
export function missingWords(words: Words): readonly { readonly language: string; readonly name: string }[] {
  const all = new Set(Object.values(words).flatMap((texts) => Object.keys(texts)));
  return Object.entries(words).flatMap(([language, texts]) =>
    [...all].filter((name) => texts[name] === undefined).map((name) => ({ language, name })),
  );
}

function checkHeadline({ headline }: Report, findings: Findings): void {
  for (const [name, figure] of Object.entries(headline)) {
    const path = ['headline', name];
    findings.isFigure(path, figure.value);
    findings.isFigure([...path, 'change'], figure.change);
    findings.isRule([...path, 'format'], figure.format);
    for (const key of ['title', 'change_title'] as const) findings.isTemplate([...path, key], figure[key]);
    if (figure.trend !== undefined) findings.isDataset([...path, 'trend'], figure.trend.replace(/\..*$/, ''));
  }
}

function checkBlock(block: BlockSpec, report: Report, path: readonly PropertyKey[], findings: Findings): void {
  if (block === 'page_break') return;
  if ('table' in block) checkTable(block.table, [...path, 'table'], findings);
  else if ('text' in block) findings.isTemplate([...path, 'text'], block.text);
  else if ('movers' in block) {
    findings.isDataset([...path, 'movers', 'data'], block.movers.data);
    findings.isRule([...path, 'movers', 'format'], block.movers.format);
    findings.isRule([...path, 'movers', 'growth'], block.movers.growth);
    for (const key of ['title', 'name_title', 'now_title', 'before_title'] as const)
      findings.isTemplate([...path, 'movers', key], block.movers[key]);
  } else if ('chart' in block) {
    findings.isDataset([...path, 'chart', 'data'], block.chart.data);
    findings.isRule([...path, 'chart', 'format'], block.chart.format);
    for (const key of ['title', 'x_title', 'y_title'] as const)
      findings.isTemplate([...path, 'chart', key], block.chart[key]);
  } else if ('letterhead' in block) {
    const { lines, address, ...single } = block.letterhead;
    for (const [key, text] of Object.entries(single)) findings.isTemplate([...path, 'letterhead', key], text);
    for (const [key, texts] of Object.entries({ lines, address }))
      for (const [at, text] of texts.entries()) findings.isTemplate([...path, 'letterhead', key, at], text);
  } else if ('emi' in block) {
    if (report.for_each === undefined)
      findings.say([...path, 'emi'], 'no-edition', 'a schedule is of one loan: the report needs for_each');
    for (const [at, text] of (block.emi.columns ?? []).entries())
      findings.isTemplate([...path, 'emi', 'columns', at], text);
    findings.isTemplate([...path, 'emi', 'title'], block.emi.title);
  } else {
    for (const [at, tile] of block.kpis.entries()) {
      for (const key of ['value', 'change', 'of'] as const) findings.isFigure([...path, 'kpis', at, key], tile[key]);
      findings.isRule([...path, 'kpis', at, 'format'], tile.format);
      findings.isRule([...path, 'kpis', at, 'change_format'], tile.change_format);
      for (const key of ['title', 'change_title'] as const) findings.isTemplate([...path, 'kpis', at, key], tile[key]);
    }
  }
}

/** Columns are checked where the table names its own; those of a dataset are known only when its query has run. */
function checkTable(table: TableSpec, path: readonly PropertyKey[], findings: Findings): void {
  findings.isDataset([...path, 'data'], table.data);
  findings.isTemplate([...path, 'title'], table.title);
  for (const [at, { title, note }] of (table.columns ?? []).entries()) {
    findings.isTemplate([...path, 'columns', at, 'title'], title);
    findings.isTemplate([...path, 'columns', at, 'note'], note);
  }
  const columns = table.columns?.map((column) => column.name);
  // Which of the two is misspelt, only the query knows; so both places are named.
  const isColumn = (place: readonly PropertyKey[], name: string) => {
    if (columns === undefined || columns.includes(name)) return;
    const near = nearest(name, columns);
    const line = near && findings.lineOf([...path, 'columns', columns.indexOf(near), 'name']);
    const hint = near
      ? `Did you mean "${near}" of line ${line}, or is that one misspelt?`
      : `They name ${columns.join(', ')}.`;
    findings.say(place, 'unknown-column', `the table's columns do not name "${name}"`, hint);
  };
  for (const [name, format] of Object.entries(table.format)) {
    findings.isRule([...path, 'format', name], format.rule);
    isColumn([...path, 'format', name], name);
  }
  for (const [index, name] of (table.total ?? []).entries()) isColumn([...path, 'total', index], name);
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
    const open = sentFormats(deliver).find((format) => format !== 'pdf');
    if (report.password !== undefined && open !== undefined)
      findings.say(
        path,
        'not-locked',
        `the report has a password, and its ${open} cannot be locked`,
        'Send the pdf alone.',
      );
  }
}

const sentFormats = ({ attach, inline }: Deliver) => (inline === undefined ? attach : [...attach, inline]);
