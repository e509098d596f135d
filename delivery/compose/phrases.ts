import { type Language, languages } from '../report/locale.ts';
import type { Phrases } from './phrase-book.ts';
import { gujarati, hindi, marathi } from './phrases-indic.ts';

const english: Phrases = {
  notes: 'Notes',
  total: 'Total',
  noRows: 'No rows.',
  page: (page, pages) => `page ${page} of ${pages}`,
  part: (number, parts) => `part ${number} of ${parts}`,
  totalOfShown: (rows) => `Total of the ${rows} shown`,
  all: (rows, inWorkbook) => (inWorkbook ? `All ${rows}, in the workbook` : `All ${rows}`),
  dashes: (rows, one, reason) => `– in ${rows} ${one ? 'row' : 'rows'}: ${reason}.`,
  dashesOfShown: (shown, all, reason) => `– in ${shown} of the rows shown, ${all} of all: ${reason}.`,
  cut: (shown, rows, inWorkbook) =>
    `the first ${shown} of ${rows} are shown${inWorkbook ? '; the workbook has them all' : ''}.`,
  complete: (day) => `The data is complete up to ${day}.`,
  emptyCell: 'An empty cell is not known; the pages show an en dash there.',
  of: (whole) => `of ${whole}`,
  isNew: 'new',
  stopped: 'stopped',
  yes: 'yes',
  no: 'no',
  up: (change) => `up ${change}`,
  down: (change) => `down ${change}`,
  flat: (change) => `flat (${change})`,
  news: (change, against) => `${change} ${against}`,
  above: 'above',
  within: 'within',
  below: 'below',
  unknown: 'unknown',
  whatChanged: 'What changed',
  change: 'Change',
  growth: 'Growth',
  week: (number, days) => `Week ${number}, ${days}`,
  made: (run, at) => `run ${run} · made ${at}`,
  last: (points) => `Last ${points}`,
  moreInReport: 'More in the full report.',
  summary: 'Summary',
  definitions: 'Definitions',
  charts: 'Charts',
  figure: 'Figure',
  value: 'Value',
  ofWhole: 'Of',
  changeInPercent: 'Change, %',
  comparedWith: 'Compared',
  lakh: 'lakh',
  crore: 'crore',
  million: 'million',
  billion: 'billion',
};

const phrases: Readonly<Record<Language, Phrases>> = { en: english, hi: hindi, mr: marathi, gu: gujarati };

/** In the language of a locale; English where there are none. */
export function phrasesOf(locale: string): Phrases {
  const language = languages.find((one) => one === locale.split('-')[0]);
  return phrases[language ?? 'en'];
}
