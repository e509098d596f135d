import { type Call, Fault } from '#engine';
import { dueNow } from '../daemon/slot-round.ts';
import type { House } from '../house.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `[--sent-until D | --send-all] [--target T]

Lets sending go on after "delivery hold": what waits is sent. After a restore from a backup one of the two must be said:
  --sent-until D    what was due before this instant may have been sent by what the backup does not know of: slots are
                 skipped, and waiting messages are held until "delivery settle" says what became of them; "now" is the
                 instant of this command
  --send-all     nothing was sent meanwhile: what waits is sent, and what was due since
${targetUsage}`;
export const options = {
  ...targetOption,
  'sent-until': { type: 'string' },
  'send-all': { type: 'boolean' },
} as const;
export const examples = ['release', 'release --sent-until now'];

const doubt = 'it may have been sent after the backup was made';

export async function run(call: Call): Promise<number> {
  const all = call.values['send-all'] === true;
  const until = untilOf(call);
  if (all && until !== undefined) throw new Fault('invalid', '--send-all and --sent-until exclude each other');
  await using house = await houseOf(call);
  const { hold } = await house.ledger();
  const held = await hold.held();
  if (held?.restored && !all && until === undefined) {
    throw new Fault('invalid', 'what was sent meanwhile?', {
      hint: 'delivery release --sent-until 2026-01-31T08:30:00Z (or "now"), or --send-all where nothing was.',
    });
  }
  if (held === undefined) {
    call.print('nothing is held');
    call.answer({ released: false, skipped: [], held_parts: 0 });
    return 0;
  }
  const skipped = until === undefined ? [] : await skipDue(house, until);
  const doubted = until === undefined ? { parts: 0 } : await hold.doubt(until, doubt);
  await hold.release();
  for (const { report, slot } of skipped)
    call.print(`${report} ${slot}: skipped; "delivery run" sends it if it did not go`);
  if (doubted.parts > 0) call.print(`${doubted.parts} messages are held: "delivery status" names them`);
  call.print('sending goes on');
  call.answer({ released: true, skipped, held_parts: doubted.parts });
  return 0;
}

/** Enters what was due by then as skipped, so that no schedule sends it. */
async function skipDue(house: House, until: Date): Promise<{ readonly report: string; readonly slot: string }[]> {
  const { slots } = await house.ledger();
  const skipped: { report: string; slot: string }[] = [];
  for (const report of house.reports.filter(({ schedule }) => schedule !== undefined)) {
    for (const { slot } of await dueNow(house, report, until)) {
      const { id } = await slots.open(slot, { asked: false, resend: 0 });
      await slots.end(id, 'skipped', doubt);
      skipped.push({ report: report.name, slot: slot.id });
    }
  }
  return skipped;
}

function untilOf(call: Call): Date | undefined {
  const text = textOf(call, 'sent-until');
  if (text === undefined) return undefined;
  const until = text === 'now' ? new Date() : new Date(text);
  // An instant without its zone would mean another one on every machine.
  if (!Number.isNaN(until.getTime()) && (text === 'now' || /(Z|[+-]\d{2}:?\d{2})$/.test(text))) return until;
  throw new Fault('invalid', `--sent-until ${text} is no instant`, { hint: 'Write 2026-01-31T08:30:00Z, or "now".' });
}
