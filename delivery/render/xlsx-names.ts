import { type Document, tablesOf } from '../compose/document.ts';
import { phrasesOf } from '../compose/phrases.ts';

/** What the sheets of a workbook are about, in their order. */
export function sheetTitles(document: Document): readonly string[] {
  const { summary, charts, definitions } = phrasesOf(document.locale);
  const drawn = document.blocks.some(({ kind }) => kind === 'chart');
  return [summary, ...tablesOf(document).map(({ title }) => title), ...(drawn ? [charts] : []), definitions];
}

/** Sheet names as Excel wants them: at most 31 signs, none of `[]:*?/\`, no quote at an end, each once whatever its case. */
export function sheetNames(titles: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return titles.map((title) => {
    const clean =
      title
        .replace(/[[\]:*?/\\]+/g, ' ')
        .replace(/^'+|'+$/g, '')
        .replace(/\s+/g, ' ')
        .trim() || 'Sheet';
    let name = clean.slice(0, 31).trim();
    for (let number = 2; taken.has(name.toLowerCase()) || name.toLowerCase() === 'history'; number++)
      name = `${clean.slice(0, 30 - String(number).length).trim()} ${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
