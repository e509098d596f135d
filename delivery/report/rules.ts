import { z } from 'zod';

/** A plain number. `unit: currency` stands for the project's currency (`vars.currency`). */
const number = z.strictObject({
  kind: z.literal('number'),
  decimals: z.int().min(0).max(6).default(0),
  /** The workbook may keep more: paise and cents. */
  workbook_decimals: z.int().min(0).max(6).optional(),
  unit: z.string().optional(),
  /** Writes `+` before what is above zero. */
  signed: z.boolean().default(false),
  /** Why a figure may be unknown, said in the notes where one is. */
  unknown: z.string().optional(),
});

/**
 * A change in per cent (`14.8` is 14.8 %), with arrow, sign and colour. `base` and `of` name the columns of the dataset it
 * was computed from: growth from a negative base is never coloured.
 */
const growth = z.strictObject({
  kind: z.literal('growth'),
  decimals: z.int().min(0).max(6).default(1),
  workbook_decimals: z.int().min(0).max(6).optional(),
  base: z.string().optional(),
  of: z.string().optional(),
  /** Up to this many per cent, either way, is called flat. */
  flat: z.number().min(0).default(1),
  /** The strongest of the five tints begins at four fifths of this many per cent. */
  cap: z.number().positive().default(50),
  /** Says "new" where there was nothing before, and "stopped" where nothing is left. */
  words: z.boolean().default(true),
  /** A ground behind the figure, in five strengths; without it arrow and words alone have colour. */
  tints: z.boolean().default(true),
  unknown: z.string().optional(),
});

/** `reports/formats.yml`: formatting rules by name. */
export const rulesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name of small letters, digits and _'),
  z.discriminatedUnion('kind', [number, growth]),
);

export type NumberRule = z.infer<typeof number>;
export type GrowthRule = z.infer<typeof growth>;
export type Rules = Readonly<Record<string, NumberRule | GrowthRule>>;
