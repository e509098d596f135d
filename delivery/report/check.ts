import { Cron } from 'croner';
import { didYouMean, messageOf, type PlaceOf, type Problem } from '#engine';
import { datasetsOf, parseExpression } from './expression.ts';
import type { Report, TableSpec } from './schema.ts';
import { checkTemplate } from './template.ts';

/** Whether a text of report.yml is the name of a file beside it rather than the text itself. */
export const isFileName = (text: string) => /^[\w.-]+\.(liquid|md|txt|sql)$/.test(text.trim());

/** Everything wrong with a report that its schema cannot see: names of files, datasets and rules, expressions, templates. */
export function checkReport(report: Report, placeOf: PlaceOf): readonly Problem[] {
  const problems: Problem[] = [];
  const say = (path: readonly PropertyKey[], code: string, message: string, hint?: string) => {
    problems.push({ file: report.path, ...placeOf(path), severity: 'error', code, message, ...(hint ? { hint } : {}) });
  };
  const known = (path: readonly PropertyKey[], code: string, what: string, name: string, names: readonly string[]) => {
    if (!names.includes(name)) say(path, code, `there is no ${what} "${name}"`, didYouMean(name, names));
  };

  const datasets = Object.keys(report.datasets);
  const rules = Object.keys(report.rules);
  const files = Object.keys(report.texts);
  const hasDataset = (path: readonly PropertyKey[], name: string) =>
    known(path, 'unknown-dataset', 'dataset', name, datasets);
  const hasRule = (path: readonly PropertyKey[], name: string | undefined) => {
    if (name !== undefined) known(path, 'unknown-format', 'formatting rule', name, rules);
  };
  const hasFile = (path: readonly PropertyKey[], name: string, ending: RegExp) => {
    const near = files.filter((file) => ending.test(file));
    if (!files.includes(name))
      say(path, 'missing-file', `there is no file ${name} beside report.yml`, didYouMean(name, near));
  };
  const isFigure = (path: readonly PropertyKey[], text: string | undefined) => {
    if (text === undefined) return;
    const parsed = parseExpression(text);
    if (!parsed.ok) say(path, 'expression', parsed.message, parsed.hint);
    else for (const name of datasetsOf(parsed.expression)) hasDataset(path, name);
  };
  const isTemplate = (path: readonly PropertyKey[], text: string | undefined) => {
    if (text === undefined) return;
    if (!isFileName(text)) {
      problems.push(...checkTemplate(text, { file: report.path, ...placeOf(path) }));
      return;
    }
    hasFile(path, text, /\.(liquid|md|txt)$/);
    const content = report.texts[text];
    if (content !== undefined) problems.push(...checkTemplate(content, { file: report.path.replace(/[^/]+$/, text) }));
  };
  const table = (path: readonly PropertyKey[], spec: TableSpec) => {
    hasDataset([...path, 'data'], spec.data);
    const columns = spec.columns?.map((column) => column.name);
    for (const [name, format] of Object.entries(spec.format)) {
      hasRule([...path, 'format', name], format.rule);
      if (columns) known([...path, 'format', name], 'unknown-column', 'column of this table', name, columns);
    }
    for (const [index, name] of (spec.total ?? []).entries())
      if (columns) known([...path, 'total', index], 'unknown-column', 'column of this table', name, columns);
  };

  isTemplate(['title'], report.title);
  if (report.schedule) {
    const wrong = scheduleProblem(report.schedule.cron, report.schedule.timezone);
    if (wrong) say(['schedule', wrong.key], 'schedule', wrong.message);
  }
  for (const [name, dataset] of Object.entries(report.datasets))
    if (typeof dataset === 'string') hasFile(['datasets', name], dataset, /\.sql$/);
  for (const [name, figure] of Object.entries(report.headline)) {
    isFigure(['headline', name], figure.value);
    isFigure(['headline', name, 'change'], figure.change);
    hasRule(['headline', name, 'format'], figure.format);
    if (figure.trend !== undefined) hasDataset(['headline', name, 'trend'], figure.trend.replace(/\..*$/, ''));
  }
  for (const [index, block] of report.document.entries()) {
    const path = ['document', index];
    if (block === 'page_break') continue;
    if ('table' in block) table([...path, 'table'], block.table);
    else if ('text' in block) isTemplate([...path, 'text'], block.text);
    else if ('movers' in block) {
      hasDataset([...path, 'movers', 'data'], block.movers.data);
      hasRule([...path, 'movers', 'format'], block.movers.format);
      hasRule([...path, 'movers', 'growth'], block.movers.growth);
    } else {
      for (const [at, tile] of block.kpis.entries()) {
        for (const key of ['value', 'change', 'of'] as const) isFigure([...path, 'kpis', at, key], tile[key]);
        hasRule([...path, 'kpis', at, 'format'], tile.format);
      }
    }
  }
  for (const [index, note] of report.notes.entries()) isTemplate(['notes', index], note);
  const seen = new Set<string>();
  for (const [index, deliver] of report.deliver.entries()) {
    const path = ['deliver', index];
    if (seen.has(deliver.id)) say([...path, 'id'], 'repeated-id', `two entries of deliver are called "${deliver.id}"`);
    seen.add(deliver.id);
    if ('query' in deliver.to) hasFile([...path, 'to', 'query'], deliver.to.query, /\.sql$/);
    for (const key of ['subject', 'body', 'caption'] as const) isTemplate([...path, key], deliver[key]);
    for (const format of [...deliver.attach, ...(deliver.inline ? [deliver.inline] : [])])
      if (!report.formats.includes(format))
        say(path, 'format-not-made', `"${format}" is sent but not made`, `Add ${format} to formats.`);
  }
  return problems;
}

function scheduleProblem(cron: string, timezone: string | undefined) {
  if (timezone !== undefined && !isTimeZone(timezone))
    return { key: 'timezone', message: `"${timezone}" is no time zone; write one such as Asia/Kolkata` };
  try {
    new Cron(cron, { paused: true });
    return undefined;
  } catch (error) {
    return { key: 'cron', message: `"${cron}" is no cron: ${messageOf(error)}` };
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
