/** The few words that pages say of themselves. */
export interface Phrases {
  readonly notes: string;
  readonly total: string;
  readonly noRows: string;
  /** `page 1 of 3` */
  page(page: string, pages: string): string;
}

const english: Phrases = {
  notes: 'Notes',
  total: 'Total',
  noRows: 'No rows.',
  page: (page, pages) => `page ${page} of ${pages}`,
};

const phrases: Readonly<Record<string, Phrases>> = {
  hi: { notes: 'टिप्पणियाँ', total: 'कुल', noRows: 'कोई पंक्ति नहीं।', page: (page, pages) => `पृष्ठ ${page} / ${pages}` },
  mr: { notes: 'टिपा', total: 'एकूण', noRows: 'एकही ओळ नाही.', page: (page, pages) => `पृष्ठ ${page} / ${pages}` },
  gu: { notes: 'નોંધ', total: 'કુલ', noRows: 'કોઈ હરોળ નથી.', page: (page, pages) => `પૃષ્ઠ ${page} / ${pages}` },
};

/** In the language of a locale; English where there are none. */
export const phrasesOf = (locale: string): Phrases => phrases[locale.split('-')[0] ?? 'en'] ?? english;
