import { Fault } from '#engine';
import { fileBeside, isFileName } from '../report/findings.ts';
import type { Report } from '../report/schema.ts';
import { fillTemplate, type Scope, type Writing } from '../report/template.ts';
import { type Document, type Figure, type Table, tablesOf } from './document.ts';
import { showShort, symbolOf } from './number.ts';
import { phrasesOf } from './phrases.ts';
import { figureAt, hasDigits, showAlone, showCell } from './present.ts';

/**
 * Fills a text that goes with a document: a subject, a mail's body, a caption. `template` is the text or the name of a file
 * of the report. `more` adds names (`recipient`). Throws `Fault` invalid with file and line.
 */
export function composeText(
  template: string,
  document: Document,
  report: Report,
  more: Scope = {},
  writing?: Writing,
): string {
  const scope = { ...wordsOf(document), ...more };
  const how = { writing, layouts: report.layouts };
  if (!isFileName(template)) return fillTemplate(template, scope, { file: report.path }, how).trim();
  const text = report.texts[template];
  const file = fileBeside(report, template);
  if (text === undefined) throw new Fault('invalid', `there is no file ${template}`, { place: { file: report.path } });
  return fillTemplate(text, scope, { file }, how).trim();
}

/**
 * What texts may say: `title`, `day`, `subtitle`, `slot`, `report`, `test`, `notes`, `headline` {title, value, short, change,
 * change_title, direction, in_words, news}, `tiles` [{title, value, of, change, in_words, news}], `movers` {up, down}: [{name,
 * change, growth}]. Everything is text as pages show it; `in_words` is "up 14.8 %", "down 3.2 %" or "flat", `news` the same with
 * what it is against, and empty where that is not known.
 */
export function wordsOf(document: Document): Scope {
  const { headline, locale } = document;
  const movers = tablesOf(document).filter((table) => table.role === 'movers');
  return {
    title: document.title,
    day: document.day,
    subtitle: document.subtitle,
    slot: document.slot,
    report: document.report,
    test: document.test,
    notes: document.notes,
    headline: headline && {
      title: headline.title,
      value: showAlone(headline.figure, locale).text,
      short: shortOf(headline.figure, locale),
      change_title: headline.change?.title ?? '',
      ...changeWords(headline.change?.figure, headline.change?.title ?? '', locale),
    },
    tiles: document.blocks.flatMap((block) =>
      block.kind !== 'kpis'
        ? []
        : block.tiles.map((tile) => ({
            title: tile.title,
            value: showAlone(tile.figure, locale).text,
            of: tile.of ? phrasesOf(locale).of(showAlone(tile.of, locale).text) : '',
            ...changeWords(tile.change, tile.changeTitle ?? '', locale),
          })),
    ),
    movers: {
      up: movers.flatMap((table) => moverWords(table, 1, locale)),
      down: movers.flatMap((table) => moverWords(table, -1, locale)),
    },
  };
}

/** `news` is empty where nothing is known: a subject can do without, a dash in it says nothing. */
function changeWords(figure: Figure | undefined, title: string, locale: string) {
  if (figure === undefined) return { change: '', direction: '', in_words: '', news: '' };
  const { text, tone } = showAlone(figure, locale);
  const size = text.replace(/^[+\u2212]/, '');
  const words =
    tone && hasDigits(text) ? phrasesOf(locale)[tone.direction](tone.direction === 'flat' ? text : size) : text;
  const news = hasDigits(text) ? phrasesOf(locale).news(words, title).trim() : '';
  return { change: text, direction: tone?.direction ?? '', in_words: words, news };
}

function shortOf({ value, rule }: Figure, locale: string): string {
  if (typeof value !== 'string' || value === '' || rule.kind !== 'number')
    return showAlone({ value, rule }, locale).text;
  return showShort(value, rule.currency === undefined ? '' : symbolOf(rule.currency), locale, phrasesOf(locale));
}

function moverWords(table: Table, way: 1 | -1, locale: string) {
  const at = table.columns.findIndex((column) => column.name === 'change');
  return table.rows
    .filter((row) => String(row[at]).startsWith('-') === (way === -1))
    .map((row) => ({
      name: showCell(table, row, 0, locale).text,
      change: showAlone(figureAt(table, row, at), locale).text,
      growth: showAlone(figureAt(table, row, at + 1), locale).text,
    }));
}
