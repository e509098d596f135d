import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import type { ParsedMail } from 'mailparser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { readPdf } from '../render/pdf-read.ts';
import { textOf } from '../render/pdf-rows.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;
/** After so many mails the server takes them without a word. */
let answered = Number.POSITIVE_INFINITY;

const rows = 3_000;
const stores = Array.from({ length: rows }, (_, index) => `S${String(index + 1).padStart(4, '0')}`);

beforeEach(async () => {
  answered = Number.POSITIVE_INFINITY;
  state = await testDatabase();
  mailbox = await testMailServer({}, () => mailbox.raw.length <= answered);
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  const deliver =
    '  - { id: mail, channel: email, to: { list: all }, attach: [csv, xlsx, pdf], body: "Good morning {{ headline.value }}" }\n';
  const email = ', max_bytes: 60000';
  project = testProject(env, { people: 2, deliver, email, formats: '[csv, xlsx, pdf]' });
  edit('models/kpi/store_daily.sql', "'S' || s as store", "'S' || lpad(s::text, 4, '0') as store");
  edit('models/kpi/store_daily.sql', 'generate_series(1, 3)', `generate_series(1, ${rows})`);
  edit('models/kpi/store_daily.sql', 'generate_series(0, 40)', 'generate_series(18, 22)');
  expect(await project.run('engine', 'run')).toMatchObject({ code: 0 });
});
afterEach(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

function edit(path: string, from: string, to: string): void {
  const file = join(project.root, path);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** What one person got, in the order of the mails' numbers. */
async function mailsTo(person: string): Promise<ParsedMail[]> {
  const mails = await mailbox.mails();
  const placeOf = (mail: ParsedMail) => Number(/\((\d+)\/\d+\)$/.exec(mail.subject ?? '')?.[1]);
  return mails
    .filter((mail) => [mail.to].flat()[0]?.value[0]?.address === `${person}@example.com`)
    .sort((a, b) => placeOf(a) - placeOf(b));
}

const unclear = sql`select distinct message_id::text as id from delivery_local.parts where state = 'unclear'`;

/** As they travel. */
const attachedBytes = ({ attachments }: ParsedMail) =>
  attachments.reduce((sum, { content }) => sum + Math.ceil(content.byteLength / 57) * 78, 0);

const isStore = (text: string) => /^S\d{4}$/.test(text);

async function storesOfWorkbook(bytes: Buffer): Promise<string[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  const column = workbook.getWorksheet('Stores')?.getColumn(1).values ?? [];
  return column.map(String).filter(isStore);
}

const storesOfPdf = (bytes: Buffer) =>
  readPdf(bytes).lines.flatMap((line) => textOf(line).split(' ').slice(0, 1).filter(isStore));

test('files that no mail can carry go in parts over several mails, every row once; killed between them, none twice', async () => {
  answered = 5;
  const first = project.start('delivery', ['run', 'daily', '--date', '2021-12-21']);
  await expect.poll(() => mailbox.raw.length, { timeout: 60_000 }).toBeGreaterThan(answered);
  first.process.kill('SIGKILL');
  await first.ended;
  mailbox.hangUp();
  answered = Number.POSITIVE_INFINITY;
  await project.run('delivery', 'run', 'daily', '--date', '2021-12-21');
  // What the server took without a word is for a person to settle; the mails after it wait for that.
  for (const { id } of await state.database.query<{ id: string }>(unclear))
    expect(await project.run('delivery', 'settle', id, '--sent')).toMatchObject({ code: 0 });
  expect(await project.run('delivery', 'run', 'daily', '--date', '2021-12-21')).toMatchObject({ code: 0 });

  const keys = (await mailbox.mails()).map((mail) => mail.headers.get('x-tiffin-key'));
  expect(new Set(keys).size).toBe(keys.length);
  const all = await Promise.all(['p1', 'p2'].map(mailsTo));
  const [held] = await state.database.query<{ parts: number }>(
    sql`select count(*)::int as parts from delivery_local.parts`,
  );
  expect(held?.parts).toBe(keys.length);

  for (const mails of all) {
    expect(mails.length).toBeGreaterThan(3);
    expect(mails.map(({ subject }) => subject)).toEqual(
      mails.map((_, place) => `Daily sales (${place + 1}/${mails.length})`),
    );
    for (const mail of mails) expect(attachedBytes(mail)).toBeLessThanOrEqual(60_000);
    expect(mails[0]?.text).toContain('Good morning 50,17,650.00');
    const files = mails.flatMap(({ attachments }) => attachments);
    const of = (ending: string) => files.filter(({ filename }) => filename?.endsWith(ending));

    const csv = of('.csv');
    expect(csv.map(({ filename }) => filename)).toEqual(
      csv.map((_, place) => `Daily sales 2021-12-21, part ${place + 1} of ${csv.length}.csv`),
    );
    const lines = csv.map(({ content }) => content.toString().replace('\ufeff', '').trimEnd().split('\r\n'));
    expect(lines.every(([header]) => header === 'store,amount')).toBe(true);
    expect(lines.flatMap(([, ...rest]) => rest.map((line) => line.split(',')[0]))).toEqual(stores);

    expect((await Promise.all(of('.xlsx').map(({ content }) => storesOfWorkbook(content)))).flat()).toEqual(stores);
    expect((await Promise.all(of('.pdf').map(({ content }) => storesOfPdf(content)))).flat()).toEqual(stores);
  }
});
