import { didYouMean, Fault } from '#engine';
import type { Edition } from '../edition/edition.ts';
import type { Cell } from '../query/dataset.ts';
import type { EmiSpec, Report } from '../report/schema.ts';
import type { Table, TableColumn } from './document.ts';
import { emiOf, type Instalment, monthsAfter, scheduleOf, sumOf } from './emi.ts';

/** The loan of an edition: what texts say of it, exact, and its schedule. */
export interface EditionLoan {
  readonly facts: {
    readonly instalment: string;
    readonly months: number;
    readonly interest: string;
    readonly total: string;
    readonly first: string;
    readonly last: string;
  };
  readonly lines: readonly Instalment[];
}

/** Reads the loan that a report's `emi` block names in the edition's row; undefined where there is no such block. */
export function loanOf(report: Report, edition: Edition | undefined): EditionLoan | undefined {
  const spec = emiSpecOf(report);
  if (spec === undefined || edition?.fields === undefined) return undefined;
  const cell = (name: string) => cellOf(edition.fields ?? {}, name);
  const months = Number(cell(spec.months));
  const loan = { principal: cell(spec.amount), rate: cell(spec.rate), months, rounding: spec.rounding };
  const lines = scheduleOf(loan);
  const first = cell(spec.first);
  return {
    lines,
    facts: {
      instalment: emiOf(loan),
      months,
      interest: sumOf(lines, 'interest'),
      total: sumOf(lines, 'payment'),
      first,
      last: monthsAfter(first, months - 1),
    },
  };
}

export function emiSpecOf(report: Report): EmiSpec | undefined {
  for (const block of report.document) if (block !== 'page_break' && 'emi' in block) return block.emi;
  return undefined;
}

const names = ['number', 'due', 'opening', 'payment', 'interest', 'principal', 'closing'] as const;
const titles = ['No.', 'Due', 'Opening balance', 'Instalment', 'Interest', 'Principal', 'Closing balance'];

/** The schedule as a table with totals of what is paid. Amounts keep their paise: a schedule is held against a passbook. */
export function loanTable(
  spec: EmiSpec,
  loan: EditionLoan,
  currency: string | undefined,
  fill: (text: string) => string,
): Table {
  const money = { kind: 'number', decimals: 2, workbookDecimals: 2, signed: false } as const;
  const rules = { number: { ...money, decimals: 0, workbookDecimals: 0 }, due: { kind: 'date' } as const };
  const columns = names.map((name, at): TableColumn => {
    const rule = name === 'number' || name === 'due' ? rules[name] : { ...money, ...(currency ? { currency } : {}) };
    return {
      name,
      title: fill(spec.columns?.[at] ?? titles[at] ?? name),
      ...(name === 'number' || name === 'due' || currency === undefined ? {} : { unit: currency }),
      type: name === 'number' ? 'integer' : name === 'due' ? 'date' : 'decimal',
      rule,
      align: name === 'number' ? 'left' : 'right',
      hidden: false,
    };
  });
  const rows = loan.lines.map((line): readonly Cell[] => [
    String(line.number),
    monthsAfter(loan.facts.first, line.number - 1),
    line.opening,
    line.payment,
    line.interest,
    line.principal,
    line.closing,
  ]);
  const totals = ['', '', '', loan.facts.total, loan.facts.interest, sumOf(loan.lines, 'principal'), ''];
  return {
    name: 'schedule',
    role: 'data',
    title: fill(spec.title),
    columns,
    rows,
    shown: rows.length,
    groups: [],
    totals: [{ kind: 'all', cells: totals }],
  };
}

function cellOf(fields: Readonly<Record<string, Cell>>, name: string): string {
  const cell = fields[name];
  if (cell !== null && cell !== undefined) return String(cell);
  const hint = didYouMean(name, Object.keys(fields));
  throw new Fault('invalid', `the edition's row has no "${name}"`, hint ? { hint } : {});
}
