import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadReports } from '../report/load.ts';
import type { Report } from '../report/schema.ts';
import { compose } from './compose.ts';
import { tablesOf } from './document.ts';
import { madeUpFacts } from './made-up.ts';

const fields = {
  loan_id: 'L1',
  borrower: 'आशा <b>वर्मा</b> {{ vars }}',
  borrower_latin: 'Asha Verma',
  street: '',
  town: 'इंदौर',
  pincode: '452001',
  purpose: 'शिक्षा',
  amount: '315000.00',
  annual_rate: '16.00',
  months: '48',
  sanctioned_on: '2021-12-21',
  first_due: '2022-01-31',
};

async function letterReport(): Promise<Report> {
  const { reports, problems } = await loadReports(join(import.meta.dirname, '../..'));
  expect(problems).toEqual([]);
  const report = reports.find(({ name }) => name === 'loan_letter');
  if (report === undefined) throw new Error('the sample has no letter');
  return report;
}

async function letter(locale: string) {
  const edition = { key: 'L1', locale, fields: { ...fields, locale } };
  return compose(await letterReport(), new Map(), { ...madeUpFacts, edition });
}

test.each([
  ['en', 'Your loan', '₹8,927.19', '31 January 2022'],
  ['hi', 'आपका ऋण', '₹8,927.19', '31 जनवरी 2022'],
  ['mr', 'आपले कर्ज', '₹८,९२७.१९', '३१ जानेवारी, २०२२'],
  ['gu', 'આપની લોન', '₹8,927.19', '31 જાન્યુઆરી, 2022'],
])('a letter in %s speaks and counts in its language', async (locale, title, instalment, first) => {
  const document = await letter(locale);
  const said = JSON.stringify(document.blocks);
  expect(document.title).toBe(title);
  expect(said).toContain(instalment);
  expect(said).toContain(first);
  expect(document.notes).toEqual([]);
  expect(document.footer).toBe('L1 · 2021-12-21');
  expect(said.includes('In English')).toBe(locale !== 'en');
});

test('its schedule has every payment, and totals that are what is paid', async () => {
  const [table] = tablesOf(await letter('hi'));
  expect(table?.rows).toHaveLength(48);
  expect(table?.rows[1]).toEqual(['2', '2022-02-28', '310272.81', '8927.19', '4136.97', '4790.22', '305482.59']);
  expect(table?.rows.at(-1)?.at(-1)).toBe('0.00');
  expect(table?.totals[0]?.cells[5]).toBe('315000.00');
});

test('what a name holds is text: neither markup nor template; an empty line of the address is left out', async () => {
  const [head] = (await letter('hi')).blocks;
  expect(head?.kind === 'letterhead' && head.letterhead.address).toEqual(['आशा <b>वर्मा</b> {{ vars }}', 'इंदौर 452001']);
});

test('each letter has the password of its own row; an empty one stops it', async () => {
  const report = { ...(await letterReport()), password: '{{ edition.born_on }}' };
  const of = (born_on: string) => {
    const edition = { key: 'L1', locale: 'hi', fields: { ...fields, locale: 'hi', born_on } };
    return compose(report, new Map(), { ...madeUpFacts, edition }).password;
  };
  expect(of('31011990')).toBe('31011990');
  expect(() => of(' ')).toThrow('the password of L1 is empty');
});

test('a language without words and a loan without its columns are named', async () => {
  await expect(letter('ta')).rejects.toThrow('there are no words in "ta"');
  const report = await letterReport();
  const { amount: _, ...rest } = fields;
  expect(() =>
    compose(report, new Map(), { ...madeUpFacts, edition: { key: 'L1', locale: 'hi', fields: rest } }),
  ).toThrow(/no "amount"/);
});
