import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '#engine';
import { type TestDatabase, testDatabase } from '../../engine/warehouse/test-database.ts';
import { type TestMailServer, testMailServer } from '../send/channels/test-mail-server.ts';
import { type TestProject, testProject } from './test-project.ts';

let state: TestDatabase;
let mailbox: TestMailServer;
let project: TestProject;

beforeAll(async () => {
  state = await testDatabase();
  mailbox = await testMailServer();
  const env = { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: mailbox.url };
  const deliver =
    '  - { id: mail, channel: email, to: { list: all }, attach: [csv, html], body: "{{ words.hello }}" }\n';
  project = testProject(env, { people: 4, deliver });
  edit('reports/daily/report.yml', 'title: Daily sales', `${title}words:\n${words}`);
  edit('reports/daily/report.yml', 'total: [amount] }', 'total: [amount] }\n  - text: "{{ 123456 | number }}"');
  edit('reports/recipients.yml', 'name: Person p2', 'name: Person p2, locale: hi');
  edit('reports/recipients.yml', 'name: Person p3', 'name: Person p3, locale: hi-IN');
  edit('reports/recipients.yml', 'name: Person p4', 'name: Person p4, locale: fr');
  expect(await project.run('engine', 'run')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  project[Symbol.dispose]();
  await mailbox[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const title = 'title: "{{ words.sales }}"\n';
const words = '  en: { sales: Daily sales, hello: Good morning }\n  hi: { sales: दैनिक बिक्री, hello: नमस्ते }\n';

function edit(path: string, from: string, to: string): void {
  const file = join(project.root, path);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test("one edition leaves in the languages of those who get it, each file made once; a language it has not is the report's", async () => {
  const shown = await project.run('delivery', 'plan', 'daily', '--date', '2021-12-21');
  expect(shown.out).toContain('  p2  by email  csv, html in hi-IN  (mail, planned)\n');
  const planned = await project.run('delivery', 'plan', 'daily', '--date', '2021-12-21', '--json');
  const [plan]: { readonly messages: readonly { readonly locale?: string }[] }[] = JSON.parse(planned.out);
  expect(plan?.messages.map(({ locale }) => locale)).toEqual([undefined, 'hi-IN', 'hi-IN', undefined]);

  expect(await project.run('delivery', 'run', 'daily', '--date', '2021-12-21')).toMatchObject({ code: 0 });
  const mails = await mailbox.mails();
  const byName = new Map(mails.map((mail) => [[mail.to].flat()[0]?.value[0]?.address, mail] as const));
  const read = (person: string) => {
    const mail = byName.get(`${person}@example.com`);
    const files = mail?.attachments.map(({ filename, content }) => [filename, content.toString()] as const) ?? [];
    return { subject: mail?.subject, text: mail?.text?.trim(), files };
  };
  const english = read('p1');
  expect(english).toMatchObject({ subject: 'Daily sales', text: 'Good morning' });
  expect(english.files.map(([name]) => name)).toEqual(['Daily sales 2021-12-21.csv', 'Daily sales 2021-12-21.html']);
  expect(english.files[1]?.[1]).toContain('<html lang="en-IN"');
  expect(read('p4')).toEqual(english);

  const hindi = read('p2');
  expect(hindi).toMatchObject({ subject: 'दैनिक बिक्री', text: 'नमस्ते' });
  expect(hindi.files.map(([name]) => name)).toEqual(['दैनिक बिक्री 2021-12-21.csv', 'दैनिक बिक्री 2021-12-21.html']);
  expect(hindi.files[1]?.[1]).toContain('<html lang="hi-IN"');
  expect(hindi.files[1]?.[1]).toContain('कुल');
  expect(read('p3')).toEqual(hindi);

  // The same rows in both, and two files a language for four people.
  const rows = (text = '') => text.split('\n').slice(1).join('\n');
  expect(rows(hindi.files[0]?.[1])).toBe(rows(english.files[0]?.[1]));
  const made = await state.database.query(
    sql`select locale, count(*)::int from delivery_local.files group by locale order by locale`,
  );
  expect(made).toEqual([
    { locale: '', count: 2 },
    { locale: 'hi-IN', count: 2 },
  ]);
});

test('a preview for a person is in their language', async () => {
  const shown = await project.run(
    'delivery',
    'preview',
    'daily',
    '--date',
    '2021-12-21',
    '--recipient',
    'p2',
    '--json',
  );
  expect(JSON.parse(shown.out).files.map(({ path }: { path: string }) => path.split('/').at(-1))).toContain(
    'दैनिक बिक्री 2021-12-21.html',
  );
});

test('a locale that is none is told at its line', async () => {
  edit('reports/recipients.yml', 'locale: fr', 'locale: en_FR');
  const { code, err } = await project.run('delivery', 'plan', 'daily', '--date', '2021-12-21');
  edit('reports/recipients.yml', 'locale: en_FR', 'locale: fr');
  expect(code).not.toBe(0);
  expect(err).toMatch(/reports\/recipients\.yml:5:.*a locale such as hi or en-IN/s);
});
