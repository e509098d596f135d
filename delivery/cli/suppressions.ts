import { type Call, Fault } from '#engine';
import type { Suppression } from '../ledger/suppressions.ts';
import { faultOfAddress } from '../people/recipient.ts';
import { maskedAddress } from './mask.ts';
import { houseOf, laneOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `[list | add ADDRESS | remove ADDRESS] [--lane L] [--report R] [--reason R] [--target T]

Addresses that are not written to: what bounced for good, who unsubscribed, and whom you add. What is removed is written
to again from the next slot on; what was left out meanwhile is not sent afterwards.
  --lane L       the lane it is about
  --report R     of this report only; without it, of all
  --reason R     why it is added, for whoever reads the list; no addresses
  --show-addresses    does not mask them in the list
${targetUsage}`;
export const options = {
  ...targetOption,
  lane: { type: 'string' },
  report: { type: 'string' },
  reason: { type: 'string' },
  'show-addresses': { type: 'boolean' },
} as const;
export const positionals = 2;
export const examples = ['suppressions list --lane email', 'suppressions add asha@example.com --lane email'];

export async function run(call: Call): Promise<number> {
  const [deed = 'list', address] = call.positionals;
  if (deed === 'list' && address === undefined) return list(call);
  if ((deed === 'add' || deed === 'remove') && address !== undefined) return change(call, deed, address.trim());
  throw new Fault('invalid', 'what shall be done?', {
    hint: 'delivery suppressions list, or add asha@example.com --lane email, or remove the same',
  });
}

async function list(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const lane = textOf(call, 'lane') === undefined ? undefined : laneOf(call, house);
  const held = await (await house.ledger()).suppressions.list(lane);
  const shown = held.map((one) => ({
    ...one,
    report: one.report ?? null,
    address: call.values['show-addresses'] ? one.address : maskedAddress(one.address),
  }));
  for (const one of shown) {
    call.print([one.at, one.lane, one.address, one.report ?? 'every report', one.reason].join('  '));
  }
  if (shown.length === 0) call.print('no address is left out');
  call.answer({ suppressions: shown });
  return 0;
}

async function change(call: Call, deed: 'add' | 'remove', address: string): Promise<number> {
  await using house = await houseOf(call);
  const lane = laneOf(call, house);
  const kind = house.lanes.get(lane)?.address;
  const fault = deed === 'add' && kind !== undefined ? faultOfAddress(kind, address) : undefined;
  if (fault) throw new Fault('invalid', `what ${lane} writes to is ${fault}; this is none`);
  const report = textOf(call, 'report');
  if (report !== undefined) house.report(report);
  const { suppressions } = await house.ledger();
  const about: Suppression = { lane, address, report };
  const changed =
    deed === 'add'
      ? Number(await suppressions.add(about, textOf(call, 'reason') ?? 'by hand'))
      : await suppressions.remove(about);
  const whom = `${maskedAddress(address)} by ${lane}${report === undefined ? '' : `, ${report}`}`;
  if (deed === 'add') call.print(changed ? `${whom}: not written to any more` : `${whom}: was not written to before`);
  else call.print(changed ? `${whom}: written to again` : `${whom}: nothing to remove`);
  if (changed) house.log.info({ lane, report, deed }, 'suppressions changed by hand');
  call.answer({ lane, report: report ?? null, changed });
  return deed === 'remove' && changed === 0 ? 1 : 0;
}
