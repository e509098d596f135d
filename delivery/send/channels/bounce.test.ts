import { expect, test } from 'vitest';
import type { Receipt } from '../channel.ts';
import { receiptsIn } from './bounce.ts';

const reference = '06NRMA4XE37G';
const id = `<tiffin.${reference}@reports.example.com>`;
const received = new Date('2021-12-22T03:00:00Z');
const about = { of: { reference }, kind: 'undelivered', at: new Date('2021-12-22T02:31:00Z') } as const;

const read = (text: string, copy?: string): Promise<Receipt[]> =>
  receiptsIn(new TextEncoder().encode(text.replaceAll('\n', '\r\n')), received, copy);

interface Report {
  readonly status: string;
  /** What is returned of the mail: a whole part with its own header. */
  readonly returned?: string;
  readonly to?: string;
  readonly from?: string;
}

const returnedHeaders = `Content-Type: text/rfc822-headers\n\nMessage-ID: ${id}\nSubject: Sales\n`;

const report = ({
  status,
  returned = returnedHeaders,
  to = 'bounces@example.com',
  from = 'MAILER-DAEMON@mx',
}: Report) => `\
From: ${from}
To: ${to}
Date: Wed, 22 Dec 2021 08:01:00 +0530
Subject: Undelivered Mail
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

${status}

--x
${returned}
--x--
`;

const failed = (code: string, words: string, address = 'asha@example.com') =>
  `Final-Recipient: rfc822; ${address}\nAction: failed\nStatus: ${code}\nDiagnostic-Code: smtp; ${words}`;

const gone = failed('5.1.1', '550 5.1.1 <asha@example.com>: no such\n user here');

test('a mailbox that is not there: failed for good, its address given up, the reason without addresses', async () => {
  const reason = 'bounced: 550 5.1.1 <(address)>: no such user here';
  expect(await read(report({ status: gone }))).toEqual([
    { ...about, reason, address: 'asha@example.com', suppress: true },
  ]);
});

test.each([
  ['a full mailbox', failed('5.2.2', '552 5.2.2 over quota')],
  ['words that a filter did not like', failed('5.7.1', '550 5.7.1 rejected')],
  ['a server that was away for days', failed('4.4.1', 'connection timed out')],
])('%s: this mail failed, the next may arrive', async (_, status) => {
  const [receipt] = await read(report({ status }));
  expect(receipt).toMatchObject(about);
  expect(receipt?.suppress).toBeUndefined();
});

test('what is late, passed on or expanded says nothing; what is delivered does', async () => {
  const said = (action: string) => read(report({ status: gone.replace('failed', action) }));
  expect(await said('delayed')).toEqual([]);
  expect(await said('relayed')).toEqual([]);
  expect(await said('expanded')).toEqual([]);
  expect(await said('delivered')).toEqual([{ ...about, kind: 'delivered' }]);
  expect(await said('FAILED (by the last server)')).toHaveLength(1);
});

test("that the journal's copy failed says nothing of the mail; that both failed does", async () => {
  const copy = failed('5.2.2', '552 over quota', 'Journal@example.com');
  expect(await read(report({ status: copy }), 'journal@example.com')).toEqual([]);
  expect(await read(report({ status: `${copy}\n\n${gone}` }), 'journal@example.com')).toMatchObject([
    { address: 'asha@example.com' },
  ]);
});

test('the part is known by the mail that is returned, by a Message-ID anywhere, or by the address it came back to', async () => {
  const base64 = Buffer.from(`Message-ID: ${id}\n`).toString('base64');
  const whole = `Content-Type: message/rfc822\n\nMessage-ID: ${id}\nX-Tiffin-Key: ab\n\nGood morning`;
  const forms: readonly Partial<Report>[] = [
    { returned: whole },
    { returned: `Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n${base64}` },
    { returned: `Content-Type: text/plain\n\nYour mail ${id} was not delivered.` },
    { returned: 'Content-Type: text/plain\n\nnothing', to: `bounces+${reference}@example.com` },
    { returned: 'Content-Type: text/plain\n\nnothing', to: `bounces+${reference.toLowerCase()}@example.com` },
  ];
  for (const form of forms) expect(await read(report({ status: gone, ...form }))).toMatchObject([about]);
});

test('what names no part of ours, or two, is left for people', async () => {
  const other = '<tiffin.16NRMA4XE37G@reports.example.com>';
  expect(await read(report({ status: gone, returned: 'Content-Type: text/plain\n\nnothing' }))).toEqual([]);
  expect(await read(report({ status: gone, returned: `Content-Type: text/plain\n\n${id} ${other}` }))).toEqual([]);
  expect(await read('not a mail at all')).toEqual([]);
});

const plain = (from: string, text: string, more = '') =>
  `From: ${from}\nDate: Wed, 22 Dec 2021 08:01:00 +0530\nSubject: failure notice\n${more}\n${text}`;

const qmail = `Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<asha@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: ${id}
Subject: Sales
`;

const exim = `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  asha@example.com
    host mx.example.com: 550 user unknown

------ This is a copy of the message, including all the headers. ------

Message-ID: ${id}
`;

test('servers that send no delivery status are understood by their words', async () => {
  expect(await read(plain('MAILER-DAEMON@mx.example.com', qmail))).toMatchObject([
    { ...about, address: 'asha@example.com', suppress: true },
  ]);
  const header = 'X-Failed-Recipients: asha@example.com\n';
  expect(await read(plain('Mail Delivery System <Mailer-Daemon@mx>', exim, header))).toMatchObject([
    { ...about, address: 'asha@example.com', suppress: true },
  ]);
});

test('warnings of servers, and answers of people and of their machines, are no bounces', async () => {
  const warning = qmail.replace('This is a permanent error', 'It is delayed and will be retried; the error was 550');
  expect(await read(plain('MAILER-DAEMON@mx.example.com', warning))).toEqual([]);
  const away = `I am away. Last time I got error 550 5.1.1.\n\nIn-Reply-To: ${id}`;
  expect(await read(plain('asha@example.com', away, `In-Reply-To: ${id}\nAuto-Submitted: auto-replied\n`))).toEqual([]);
});

test('a bounce without a date is of when it came, so that reading it again gives the same receipt', async () => {
  const text = report({ status: gone }).replace(/^Date: .*\n/m, '');
  expect((await read(text))[0]?.at).toEqual(received);
});
