// Mails a second with the ledger, beside a bare nodemailer pool with the same mails to the same server:
//   node bench/send/send.ts [--mails 2000] [--rounds 5] [--attach 20000] [--takes 0]
// Both have four lines; rounds alternate, and the ratio is of each round's pair.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTransport } from 'nodemailer';
import type { MessageContent } from '../../delivery/enqueue/message.ts';
import { openFolderStore } from '../../delivery/files/folder.ts';
import { type Ledger, openLedger } from '../../delivery/ledger/ledger.ts';
import { testMessage, testSlot } from '../../delivery/ledger/test-ledger.ts';
import { email } from '../../delivery/send/channels/email.ts';
import { defaultLeases, sendLane } from '../../delivery/send/send-lane.ts';
import { median, openBenchState, say, secondsOf } from './state.ts';

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    attach: { type: 'string', default: '20000' },
    takes: { type: 'string', default: '0' },
  },
});
const mails = Number(values.mails);
const lines = 4;

await using state = await openBenchState();
const files = openFolderStore(state.root, 'files');
const bytes = new Uint8Array(Number(values.attach)).map((_, index) => (index * 31) % 251);
const stored = await files.put(bytes);
const file = { ...stored, format: 'pdf', name: 'Sales.pdf', mediaType: 'application/pdf' } as const;
const content: MessageContent = {
  subject: 'Daily sales 21 Dec: 11.2 lakh, up 14.8 % on the week',
  text: 'Good morning,\n\nsales went up.',
  html: '<p>Good morning,</p><p>sales went up.</p>',
  caption: '',
  attachments: [file],
};

const server = spawn(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url)), values.takes], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const port = Number(String((await once(server.stdout, 'data'))[0]));

/** As somebody who trusts to luck sends them: four at a time, and what happened is forgotten. */
async function bare(): Promise<number> {
  const pool = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: lines,
    maxMessages: Number.MAX_SAFE_INTEGER,
  });
  let next = 0;
  const sender = async () => {
    while (next < mails) {
      next += 1;
      await pool.sendMail({
        from: 'Sales <sales@example.com>',
        to: { name: `P${next}`, address: `p${next}@example.com` },
        subject: content.subject,
        text: content.text,
        html: content.html,
        attachments: [
          { filename: file.name, contentType: file.mediaType, content: Buffer.from(await files.read(file.sha256)) },
        ],
      });
    }
  };
  const seconds = await secondsOf(() => Promise.all(Array.from({ length: lines }, sender)));
  pool.close();
  return seconds;
}

/** The same through the ledger: claimed under a lease, committed before the server hears of it, settled afterwards. */
async function withLedger(ledger: Ledger, round: number): Promise<{ readonly enter: number; readonly send: number }> {
  const slot = testSlot(`round-${round}`);
  const held = await ledger.slots.open(slot, { asked: false, resend: 0 });
  const enter = await secondsOf(async () => {
    await ledger.slots.freeze(held.id, 'f'.repeat(64));
    await ledger.editions.add(held.id, [{ key: 'whole', rowsSha256: 'r' }]);
    for (let from = 0; from < mails; from += 500) {
      const some = Array.from({ length: Math.min(500, mails - from) }, (_, index) => {
        const rungs = [{ lane: 'email', address: 'example.com', split: 'whole' }] as const;
        const message = testMessage(ledger.secret, slot.id, `p${from + index}`, rungs);
        const address = `p${from + index}@example.com`;
        return { ...message, content, rungs: message.rungs.map((rung) => ({ ...rung, address })) };
      });
      await ledger.messages.add(held.id, some);
    }
    await ledger.slots.seal(held.id);
  });
  const links = { unsubscribe: async () => undefined, file: async () => undefined };
  const settings = email.settings.parse({ url: `smtp://127.0.0.1:${port}`, from: 'Sales <sales@example.com>' });
  await using channel = email.open('email', settings, { files, links, root: state.root, env: {} });
  const tools = {
    ledger: ledger.sending,
    channel,
    log: { warn: () => {} },
    leases: defaultLeases,
    now: () => new Date(),
  };
  const work = { lane: 'email', owner: 'bench', parallel: lines, slotId: held.id };
  let sent = 0;
  const send = await secondsOf(async () => {
    const result = await sendLane(tools, work, new AbortController().signal);
    if (result.kind === 'drained') sent = result.sent;
  });
  if (sent !== mails) throw new Error(`${sent} of ${mails} were sent`);
  return { enter, send };
}

const ledger = await openLedger(state.database, 'bench');
say(
  `${mails} mails of ${bytes.byteLength} bytes, ${lines} lines, ${values.takes} ms a mail at the server; load ${loadavg()[0]?.toFixed(1)}`,
);
const ratios: number[] = [];
for (let round = 0; round <= Number(values.rounds); round += 1) {
  const pool = await bare();
  const { enter, send } = await withLedger(ledger, round);
  const rate = (seconds: number) => (mails / seconds).toFixed(0).padStart(5);
  // The first round warms both up.
  if (round > 0) ratios.push(pool / send);
  say(
    `${round === 0 ? 'warm-up' : `round ${round}`}  pool ${rate(pool)}/s  ledger ${rate(send)}/s  ratio ${(pool / send).toFixed(2)}  entering ${rate(enter)}/s`,
  );
}
say(`ratio in the middle: ${median(ratios).toFixed(2)}`);
server.kill();
