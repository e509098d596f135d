import { Fault } from '#engine';
import type { Cell, Datasets } from '../query/dataset.ts';
import { fileBeside, isFileName } from '../report/findings.ts';
import type { BlockSpec, HeadlineSpec, LetterheadSpec, Report, TileSpec } from '../report/schema.ts';
import { type Filling, fillTemplate, type Scope } from '../report/template.ts';
import { composeChart } from './chart.ts';
import { dayAfter, showDate, showInstant, showPeriod, showZone } from './date.ts';
import type { Block, Document, Figure, Headline, Letterhead, Tile } from './document.ts';
import { columnIndex, evaluate, findDataset } from './evaluate.ts';
import type { ComposeFacts } from './facts.ts';
import { loanOf, loanTable } from './loan.ts';
import { readMarkdown } from './markdown.ts';
import { composeMovers } from './movers.ts';
import { chartNotes, definitionNotes, tableNotes } from './notes.ts';
import { phrasesOf } from './phrases.ts';
import { ruleFor } from './rule.ts';
import { openScope } from './scope.ts';
import { composeTable, titleOf } from './table.ts';

/** Makes a report's document from its datasets. Pure. Throws `Fault` invalid where the report names what is not there. */
export function compose(report: Report, datasets: Datasets, facts: ComposeFacts): Document {
  const { locale, currency, scope, writing } = openScope(report, facts);
  const how: Filling = { writing, layouts: report.layouts };
  const fill = (text: string) => fillTemplate(text, scope, { file: report.path }, how);
  const figure = (text: string, format: string | undefined): Figure => {
    const { cell, column, base, of } = evaluate(text, datasets);
    return {
      value: cell,
      rule: ruleFor(format, column, report.rules, { currency, fill }),
      ...(base === undefined ? {} : { base }),
      ...(of === undefined ? {} : { of }),
    };
  };
  const growthRule = Object.entries(report.rules).find(([, rule]) => rule.kind === 'growth')?.[0];
  const change = (text: string, format = growthRule) => figure(text, format);

  const headline = ([name, spec]: [string, HeadlineSpec]): Headline => ({
    title: fill(spec.title ?? titleOf(name)),
    figure: figure(spec.value, spec.format),
    ...(spec.change === undefined
      ? {}
      : { change: { title: fill(spec.change_title ?? ''), figure: change(spec.change) } }),
    ...(spec.trend === undefined ? {} : { trend: trendOf(spec.trend, datasets, locale) }),
  });
  const tile = (spec: TileSpec): Tile => ({
    title: fill(spec.title),
    figure: figure(spec.value, spec.format),
    ...(spec.of === undefined ? {} : { of: figure(spec.of, spec.format) }),
    ...(spec.change === undefined ? {} : { change: change(spec.change, spec.change_format) }),
    ...(spec.change_title === undefined ? {} : { changeTitle: fill(spec.change_title) }),
  });
  const tableWriting = { locale, currency, fill };
  const names = new Set<string>();
  const unique = (name: string) => {
    let free = name;
    for (let number = 2; names.has(free); number++) free = `${name}_${number}`;
    names.add(free);
    return free;
  };
  const block = (spec: BlockSpec): Block => {
    if (spec === 'page_break') return { kind: 'page_break' };
    if ('kpis' in spec) return { kind: 'kpis', tiles: spec.kpis.map(tile) };
    if ('text' in spec) return { kind: 'text', paragraphs: readMarkdown(textOf(spec.text, report, scope, how)) };
    if ('chart' in spec) {
      const message = (text: string, chart: Scope) =>
        fillTemplate(text, { ...scope, chart }, { file: report.path }, how);
      const chart = composeChart(spec.chart, findDataset(datasets, spec.chart.data), report, tableWriting, message);
      return { kind: 'chart', chart: { ...chart, name: unique(`${chart.name}_chart`) } };
    }
    if ('letterhead' in spec) return { kind: 'letterhead', letterhead: letterheadFrom(spec.letterhead, fill) };
    if ('emi' in spec) {
      const loan = loanOf(report, facts.edition);
      if (loan === undefined)
        throw new Fault('invalid', 'a schedule needs an edition', { place: { file: report.path } });
      const table = loanTable(spec.emi, loan, currency, fill);
      return { kind: 'table', table: { ...table, name: unique(table.name) } };
    }
    if ('movers' in spec) {
      const dataset = findDataset(datasets, spec.movers.data);
      const table = composeMovers(spec.movers, dataset, report, unique(`${dataset.name}_movers`), tableWriting);
      return { kind: 'table', table };
    }
    const dataset = findDataset(datasets, spec.table.data);
    const table = composeTable(spec.table, dataset, report, tableWriting);
    return { kind: 'table', table: { ...table, name: unique(table.name) } };
  };

  const blocks = report.document.map(block);
  const first = Object.entries(report.headline)[0];
  const figures = Object.fromEntries(
    Object.entries(report.headline).map(([name, spec]): [string, Cell] => [name, evaluate(spec.value, datasets).cell]),
  );
  const parts = [report.name, facts.slot, ...(facts.edition ? [facts.edition.key] : [])];
  // A letter says what its writer wrote and nothing of its own.
  const isLetter = blocks[0]?.kind === 'letterhead';
  const made = `${showInstant(facts.madeAt, facts.timezone, locale)} (${showZone(facts.timezone, locale)})`;
  const workbook = report.formats.includes('xlsx');
  return {
    report: report.name,
    slot: facts.slot,
    run: facts.run,
    title: fill(report.title),
    day: showDate(dayAfter(facts.period.until, -1), 'shortest', locale),
    subtitle: showPeriod(report.period, facts.period, facts.slot, locale),
    locale,
    test: facts.test ?? false,
    workbook,
    ...(report.password === undefined ? {} : { password: passwordOf(fill(report.password), facts) }),
    madeAt: facts.madeAt.toISOString(),
    ...(first === undefined ? {} : { headline: headline(first) }),
    figures,
    blocks,
    notes: [
      ...report.notes.map(fill),
      ...(isLetter ? [] : reportNotes(report, blocks, facts, { locale, workbook, fill })),
    ],
    footer: isLetter
      ? [facts.edition?.key ?? report.name, facts.slot].join(' · ')
      : `${parts.join(' · ')} · ${phrasesOf(locale).made(facts.run, made)}`,
  };
}

/** An empty one would lock nothing: the letter must not leave. */
function passwordOf(filled: string, { edition }: ComposeFacts): string {
  const password = filled.trim();
  if (password !== '') return password;
  const whose = edition === undefined ? 'the report' : edition.key;
  throw new Fault('failed', `the password of ${whose} is empty`, { hint: 'Let the query of for_each give one.' });
}

/** What a report says of itself: its columns, its dashes and cuts, and up to when its data goes. */
function reportNotes(
  report: Report,
  blocks: readonly Block[],
  { dataUntil }: ComposeFacts,
  { locale, workbook, fill }: Pick<Document, 'locale' | 'workbook'> & { readonly fill: (text: string) => string },
): readonly string[] {
  return [
    ...definitionNotes(report, fill),
    ...blocks.flatMap((one) => {
      if (one.kind === 'chart') return chartNotes(one.chart, { locale });
      return one.kind === 'table' ? tableNotes(one.table, { locale, workbook }) : [];
    }),
    ...(dataUntil === undefined ? [] : [phrasesOf(locale).complete(showDate(dayAfter(dataUntil, -1), 'long', locale))]),
  ];
}

/** `dataset.column`, in the dataset's order; called by its first and last day, where the dataset has days. */
function trendOf(reference: string, datasets: Datasets, locale: string): NonNullable<Headline['trend']> {
  const [name = '', column = ''] = reference.split('.');
  const dataset = findDataset(datasets, name);
  const index = columnIndex(dataset, column);
  const points = dataset.rows.map((row) => (row[index] === null ? null : String(row[index])));
  const days = dataset.columns.findIndex(({ type }) => type === 'date');
  const ends = [dataset.rows.at(0)?.[days], dataset.rows.at(-1)?.[days]].filter((day) => typeof day === 'string');
  const title = ends.map((day) => showDate(day, 'shortest', locale)).join(' – ');
  return { title: title === '' ? phrasesOf(locale).last(String(points.length)) : title, points };
}

/** The text itself, or that of the file it names; Liquid in either, and in the file's name. */
function textOf(text: string, report: Report, scope: Scope, how: Filling): string {
  const name = fillTemplate(text, scope, { file: report.path }, how);
  if (!isFileName(name)) return name;
  const content = report.texts[name];
  if (content === undefined) throw new Fault('invalid', `there is no file ${name}`, { place: { file: report.path } });
  return fillTemplate(content, scope, { file: fileBeside(report, name) }, how);
}

/** Lines of an address that come out empty are left out. */
function letterheadFrom(spec: LetterheadSpec, fill: (text: string) => string): Letterhead {
  const filled = (texts: readonly string[]) => texts.map((text) => fill(text).trim()).filter((text) => text !== '');
  return {
    name: fill(spec.name),
    lines: filled(spec.lines),
    address: filled(spec.address),
    ...(spec.reference === undefined ? {} : { reference: fill(spec.reference) }),
    ...(spec.date === undefined ? {} : { date: fill(spec.date) }),
  };
}
