import { type Call, Fault } from '#engine';
import { daysAgo, purge } from '../daemon/purge-round.ts';
import type { House } from '../house.ts';
import { parseDay } from '../slot/period.ts';
import { instantOf } from '../slot/zone.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `[--before D] [--dry-run] [--target T]

Takes the contents, files, names and addresses of what has ended out of the ledger. Keys, states and times stay, so that
nothing is sent again; so do suppressions. The daemon does the same by itself where project.yml has \`retention\`.
  --before D     what was opened before this day; default: as many days ago as \`retention\` says
  --dry-run      counts, and takes nothing away
${targetUsage}`;
export const options = { ...targetOption, before: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
export const examples = ['purge --before 2021-12-01 --dry-run'];

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const before = beforeOf(call, house);
  const dry = call.values['dry-run'] === true;
  const slots = dry ? await (await house.ledger()).purge.count(before) : await purge(house, before, call.signal);
  call.print(`${slots} slots ${dry ? 'would be ' : ''}purged, of those opened before ${before.toISOString()}`);
  call.answer({ before: before.toISOString(), slots, dry_run: dry });
  return 0;
}

function beforeOf(call: Call, house: House): Date {
  const text = textOf(call, 'before');
  if (text === undefined && house.retention !== undefined) return daysAgo(new Date(), house.retention);
  const day = text === undefined ? undefined : parseDay(text);
  if (day !== undefined) return instantOf(day, '00:00', house.config.calendar.timezone);
  throw new Fault('invalid', text ? `--before ${text} is no date` : 'before which day?', {
    hint: 'delivery purge --before 2021-12-21, or set delivery.retention in project.yml.',
  });
}
