import { type Era, eras } from './eras.ts';
import { languages, type Words } from './languages.ts';

/** One era in one language: selectors that can be used as they are. */
export interface PageContract extends Era {
  readonly words: Words;
}

/** Fills a language's words into an era's selectors. */
export function fillEra(era: Era, words: Words): PageContract {
  const fill = (selector: string) =>
    selector.replace(/\{(\w+)\}/g, (_, name: string) => quoted(words[name as keyof Words]));
  const filled = Object.entries(era).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value]);
  return { ...(Object.fromEntries(filled) as Era), words };
}

/** Every era in a language (`pt-BR` is `pt`), the newest first; undefined for a language that is not known. */
export function contractsFor(language: string): readonly PageContract[] | undefined {
  const short = language.toLowerCase().split(/[-_]/)[0];
  const words = languages.find((one) => one.language === short);
  return words && eras.map((era) => fillEra(era, words));
}

/** Every era in every language: for what a page shows before it says its language. */
export const allContracts: readonly PageContract[] = eras.flatMap((era) =>
  languages.map((words) => fillEra(era, words)),
);

function quoted(word: Words[keyof Words]): string {
  if (typeof word !== 'string') throw new TypeError('only a single word can stand in a selector');
  return word.replace(/["\\]/g, '\\$&');
}
