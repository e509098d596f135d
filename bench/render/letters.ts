import { join } from 'node:path';
import { compose } from '../../delivery/compose/compose.ts';
import { type Document, letterheadOf, tablesOf } from '../../delivery/compose/document.ts';
import { pageTable } from '../../delivery/render/page-table.ts';
import { loadReports } from '../../delivery/report/load.ts';
import type { Report } from '../../delivery/report/schema.ts';

const first = ['आशा', 'राजेश', 'सुनीता', 'विक्रम', 'कृष्णा', 'प्रिया', 'ज्ञानेश्वर', 'श्रीमती मीनाक्षी', 'अनिरुद्ध', 'लक्ष्मी'];
const last = ['वर्मा', 'शर्मा', 'कुलकर्णी', 'देशपाण्डे', 'क्षत्रिय', 'त्रिपाठी', 'चतुर्वेदी', 'मिश्र', 'सिंह', 'द्विवेदी'];
const towns = ['पुणे', 'नागपुर', 'इन्दौर', 'भोपाल', 'जयपुर', 'लखनऊ', 'वाराणसी'];

/** The sample project's loan letter, and terms on a page after its schedule. */
export async function letterReport(): Promise<Report> {
  const { reports } = await loadReports(join(import.meta.dirname, '../..'));
  const report = reports.find(({ name }) => name === 'loan_letter');
  if (report === undefined) throw new Error('the sample project has no loan letter');
  const letter = report.texts['letter.hi.md'] ?? '';
  const document = report.document.flatMap((block): Report['document'] =>
    block !== 'page_break' && 'emi' in block ? [block, 'page_break', { text: 'terms.md' }] : [block],
  );
  return { ...report, document, texts: { ...report.texts, 'terms.md': `# नियम और शर्तें\n\n${letter}` } };
}

/** A letter to a made-up borrower: three pages in Hindi and English, sixty instalments. Each number is another letter. */
export function letterOf(report: Report, number: number): Document {
  const of = <T>(list: readonly T[], step: number) => list[Math.floor(number / step) % list.length] as T;
  const id = `L${String(number).padStart(5, '0')}`;
  return compose(report, new Map(), {
    slot: '2022-02-28',
    period: { from: '2022-02-28', until: '2022-03-01' },
    timezone: 'Asia/Kolkata',
    vars: { currency: 'INR' },
    run: 'r1',
    madeAt: new Date('2022-03-01T02:30:00Z'),
    edition: {
      key: id,
      locale: 'hi',
      fields: {
        loan_id: id,
        locale: 'hi',
        borrower: `${of(first, 1)} ${of(last, 10)}`,
        borrower_latin: `Borrower ${number}`,
        street: `${1 + (number % 400)}, स्टेशन रोड`,
        town: of(towns, 3),
        pincode: String(411001 + (number % 900)),
        purpose: 'दोपहिया वाहन',
        amount: `${(1000 + ((number * 7919) % 39000)) * 100}.00`,
        annual_rate: `${8 + (number % 17)}.25`,
        months: '60',
        sanctioned_on: '2022-02-28',
        first_due: '2022-04-05',
      },
    },
  });
}

/** A letter's words, for other tools to set: plain text, a table of strings. */
export interface LetterWords {
  readonly head: readonly string[];
  readonly pages: readonly (readonly string[])[];
  readonly table: {
    readonly title: string;
    readonly header: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
}

export function wordsOf(document: Document): LetterWords {
  const texts = document.blocks.flatMap((block) =>
    block.kind === 'text' ? [block.paragraphs.map(({ text }) => text)] : [],
  );
  const [first] = tablesOf(document);
  const head = letterheadOf(document);
  if (first === undefined || head === undefined) throw new Error('a letter has a head and a table');
  const table = pageTable(first, document);
  return {
    head: [head.name, ...head.lines, ...head.address, head.reference ?? '', head.date ?? '', document.title],
    pages: [texts.slice(0, -1).flat(), texts.at(-1) ?? []],
    table: {
      title: table.title,
      header: table.columns.map(({ title }) => title),
      rows: [...table.rows, ...table.totals].map((row) => row.map(({ text }) => text)),
    },
  };
}
