import type ExcelJS from 'exceljs';
import type { TableColumn } from '../compose/document.ts';
import type { Tone } from '../compose/present.ts';
import { colours, tintOf, toneShade } from './colours.ts';
import { arrowFormat } from './xlsx-cell.ts';

/** Where a growth stands in a sheet: letters of its own column and of those it was computed from. */
export interface GrowthPlace {
  readonly column: string;
  readonly base?: string | undefined;
  readonly of?: string | undefined;
  readonly firstRow: number;
  readonly lastRow: number;
}

/**
 * The growth rule as live conditional formatting: words, ground and arrow follow an edited number. Nothing is coloured where
 * the base is below zero, and `stoppedWord` stands where nothing is left. `priority` is that of the first rule; each sheet counts its own.
 */
export function growthFormatting(
  rule: Extract<TableColumn['rule'], { kind: 'growth' }>,
  place: GrowthPlace,
  priority: number,
  stoppedWord: string,
): ExcelJS.ConditionalFormattingOptions {
  const cell = `${place.column}${place.firstRow}`;
  const base = place.base === undefined ? [] : [`$${place.base}${place.firstRow}>=0`];
  const of = place.of === undefined ? undefined : `$${place.of}${place.firstRow}`;
  const when = (...conditions: readonly string[]) => `AND(${[`ISNUMBER(${cell})`, ...base, ...conditions].join(',')})`;
  const width = Number(rule.cap) / 5;
  const edge = (step: number) => String(Math.max(Number(rule.flat), width * step));
  const half = `0.${'0'.repeat(rule.decimals)}5`;

  const rules: { formula: string; style: Partial<ExcelJS.Style> }[] = [];
  if (rule.words && of !== undefined && place.base !== undefined) {
    const stopped = {
      ...styleOf({ direction: 'down', step: rule.tints ? 5 : 0 }),
      numFmt: [1, 2, 3].map(() => `"\u25bc ${stoppedWord}"`).join(';'),
    };
    rules.push({ formula: when(`${of}=0`, `$${place.base}${place.firstRow}>0`), style: stopped });
  }
  const flat = { font: { color: { argb: `FF${colours.flat.slice(1)}` } } };
  const places = rule.workbookDecimals === 0 ? '0' : `0.${'0'.repeat(rule.workbookDecimals)}`;
  rules.push({ formula: when(`ABS(${cell})<${half}`), style: { ...flat, numFmt: `${places};${places};${places}` } });
  rules.push({ formula: when(`ABS(${cell})<=${rule.flat}`), style: flat });
  const steps = rule.tints ? ([1, 2, 3, 4, 5] as const) : ([0] as const);
  for (const step of steps) {
    const beyond = step <= 1 ? rule.flat : edge(step - 1);
    const upTo = step === 0 || step === 5 ? [] : [edge(step)];
    const numFmt = arrowFormat(rule);
    rules.push({
      formula: when(`${cell}>${beyond}`, ...upTo.map((end) => `${cell}<=${end}`)),
      style: { ...styleOf({ direction: 'up', step }), numFmt },
    });
    rules.push({
      formula: when(`${cell}<-${beyond}`, ...upTo.map((end) => `${cell}>=-${end}`)),
      style: { ...styleOf({ direction: 'down', step }), numFmt },
    });
  }
  return {
    ref: `${place.column}${place.firstRow}:${place.column}${place.lastRow}`,
    rules: rules.map(({ formula, style }, index) => ({
      type: 'expression',
      formulae: [formula],
      style,
      priority: priority + index,
    })),
  };
}

function styleOf(tone: Tone): Partial<ExcelJS.Style> {
  const tint = tintOf(tone);
  const font = { color: { argb: `FF${toneShade(tone).slice(1)}` } };
  if (tint === undefined) return { font };
  return { font, fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: `FF${tint.slice(1)}` } } as ExcelJS.Fill };
}
