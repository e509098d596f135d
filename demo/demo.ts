// `npm run demo`: raw sales in, a report out, once. Everything it does is done by the commands a user has.
import '../engine/node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { showCount, showDuration } from '#engine';
import { generateSales } from './generate.ts';
import { openMailbox } from './mailbox.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = 'daily_sales';
const businessDate = '2022-02-28';

const runAnswer = z.object({
  steps: z.array(z.object({ kind: z.string(), model: z.string(), rows: z.number().nullable() })),
  ok: z.boolean(),
});
const deliveryAnswer = z.object({
  slot: z.string(),
  messages: z.array(
    z.object({
      recipient: z.string(),
      channel: z.string(),
      state: z.string(),
      parts: z.array(z.object({ format: z.string().nullable(), path: z.string().nullable() })),
    }),
  ),
  new: z.number(),
});

process.chdir(root);
const began = performance.now();
const say = (line: string) => process.stdout.write(`${line}\n`);

const sales = join(root, 'var', 'demo', 'sales');
if (!existsSync(sales)) {
  say('1/3  Making up six months of sales of 60 stores ...');
  const aside = `${sales}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const { lines } = await generateSales(aside);
  renameSync(aside, sales);
  say(`     ${showCount(lines)} lines in var/demo/sales`);
} else {
  say('1/3  The made-up sales are there: var/demo/sales');
}

await using mailbox = await openMailbox(join(root, 'var', 'demo', 'mailbox'));
const environment = { ...process.env, TIFFIN_TARGET: 'demo', SALES_DATA: sales, SMTP_URL: mailbox.url };

say('2/3  Building the KPI tables (npx engine run --target demo) ...');
const built = runAnswer.parse(await command('engine/main.mjs', 'run', '--json'));
if (!built.ok) throw new Error('the build failed; see var/log/engine.jsonl');
say(built.steps.length === 0 ? '     Nothing to build: all is current.' : describeBuilt(built.steps));

say(`3/3  Delivering ${report} of ${businessDate}, mails into a mailbox of this demo (npx delivery run) ...`);
const delivered = deliveryAnswer.parse(
  await command('delivery/main.mjs', 'run', report, '--date', businessDate, '--wait', '--json'),
);
say('');
if (delivered.new === 0) {
  say(`Nothing sent: the ${delivered.messages.length} messages of ${report} ${delivered.slot} went out earlier.`);
} else {
  say(`Sent ${delivered.new} messages of ${report} ${delivered.slot}:`);
}
for (const { recipient, channel, state, parts } of delivered.messages) {
  say(
    `  ${recipient.padEnd(8)} ${channel.padEnd(10)} ${state.padEnd(10)} ${parts.map((part) => part.format ?? 'mail').join(', ')}`,
  );
}
say('');
say('Where to look:');
for (const path of mailbox.mails()) say(`  ${relative(root, path)}`);
for (const folder of ['var/demo/mailbox', 'var/outbox', 'var/files']) say(`  ${folder}/`);
say('  npx engine show kpi.store_daily --target demo');
say(`  npx delivery log --report ${report} --target demo`);
say(`Took ${showDuration(performance.now() - began)}. Run it again: nothing is built, nothing is sent.`);

function describeBuilt(steps: z.infer<typeof runAnswer>['steps']): string {
  const rows = steps.reduce((sum, step) => sum + (step.kind === 'window' ? (step.rows ?? 0) : 0), 0);
  const models = new Set(steps.map((step) => step.model)).size;
  return `     ${steps.length} steps over ${models} tables and views; ${showCount(rows)} KPI rows`;
}

/** Runs one of our commands and returns what it answers; its errors go to the terminal as they come. */
async function command(main: string, ...words: string[]): Promise<unknown> {
  const child = spawn(process.execPath, [join(root, main), ...words], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, code] = await Promise.all([text(child.stdout), closed]);
  // 3: nothing failed but something waits; the answer tells what.
  if (code !== 0 && code !== 3) {
    process.stdout.write(out);
    process.exit(code ?? 1);
  }
  return JSON.parse(out);
}
