import { canonical } from './canonical.ts';
import { findForbidden } from './forbidden.ts';
import { readReferences } from './references.ts';
import { renameTables } from './rename.ts';
import type { TableRef } from './table-ref.ts';
import { readCollection, statements } from './test-texts.ts';
import { type SqlDialect, tokenize } from './tokens.ts';
import { checkWindowFilters } from './window-filter.ts';

/**
 * Damages texts at random and has every reader read them. Returns the texts with which one lost its place, the same ones
 * for the same seed; what a reader throws, it throws.
 */
export function damageAndRead(times: number, seed: number): string[] {
  const random = seeded(seed);
  const texts = [...statements, ...(readCollection() ?? []).map((one) => one.sql)];
  const lost: string[] = [];
  for (let time = 0; time < times; time++) {
    const text = damage(texts[Math.floor(random() * texts.length)] ?? '', random);
    if (!isRead(text, time % 2 ? 'redshift' : 'postgres')) lost.push(text);
  }
  return lost;
}

function isRead(text: string, dialect: SqlDialect): boolean {
  findForbidden(text, dialect);
  checkWindowFilters(text, dialect, [{ table: 's.t', column: 'x' }], { from: "'it''s'", until: "''" });
  const whole =
    tokenize(text, dialect)
      .map((token) => token.text)
      .join('') === text;
  renameTables(text, dialect, new Map([['s.t', 's_dev']]));
  const settled = canonical(canonical(text, dialect), dialect) === canonical(text, dialect);
  const tables = readReferences(text, dialect).flatMap((one) => [
    ...one.reads,
    ...one.writes,
    ...one.qualifiers,
    ...one.navigations,
  ]);
  return whole && settled && tables.every((table) => isInPlace(text, table));
}

function isInPlace(text: string, { start, end, written, query }: TableRef): boolean {
  return text.slice(start, end) === written && query.start <= start && end <= query.end;
}

/** A source of numbers below 1 that gives the same ones for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A text with a few pieces cut out, doubled, moved or replaced. */
export function damage(text: string, random: () => number): string {
  let damaged = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const from = Math.floor(random() * damaged.length);
    const until = from + Math.floor(random() * 12);
    const piece = pieces[Math.floor(random() * pieces.length)] ?? '';
    const there = Math.floor(random() * damaged.length);
    const middle = [piece, damaged.slice(from, until).repeat(2), damaged.slice(there, there + 20)][
      Math.floor(random() * 3)
    ];
    damaged = damaged.slice(0, from) + middle + damaged.slice(until);
  }
  return damaged;
}

const pieces = [
  ...[
    '',
    ' ',
    '\n',
    "'",
    '"',
    '$$',
    '/*',
    '*/',
    '--',
    '(',
    ')',
    '[',
    ']',
    ',',
    ';',
    '.',
    '\\',
    '\0',
    '\ud800',
    'é',
    '#',
  ],
  ...' from , join , as , with , select , union , table , into , on conflict , case , end , lateral , recursive a as ('.split(
    ',',
  ),
];
