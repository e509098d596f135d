import { type Call, didYouMean, Fault } from '#engine';
import type { House } from '../house.ts';
import type { PairingStep } from '../send/channel.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';
import { qrLines } from './qr-lines.ts';

export const usage = `CHANNEL [--phone NUMBER] [--target T]

Links a phone to a channel that sends by one: on the phone, Linked devices, Link a device. Stop the daemon meanwhile.
  --phone NUMBER   the phone's own number, such as +919812345678: shows signs to be typed there, and no picture to be read
${targetUsage}`;
export const options = { ...targetOption, phone: { type: 'string' } } as const;
export const positionals = 1;

export async function run(call: Call): Promise<number> {
  const phone = phoneOf(call);
  await using house = await houseOf(call);
  const name = channelOf(call, house);
  const channel = house.channel(name);
  if (channel.pair === undefined) throw new Fault('invalid', `${name} sends without a phone`);
  await channel.pair(phone, async (step) => show(call, step), call.signal);
  await (await house.ledger()).resume(name);
  call.print(`a phone is linked to ${name}`);
  call.answer({ channel: name, linked: true });
  return 0;
}

function show(call: Call, step: PairingStep): void {
  if (step.kind === 'code') call.note(`Type this on the phone: ${step.code}`);
  else {
    if (process.stderr.isTTY) for (const line of qrLines(step.dots)) call.note(line);
    call.note(`Read this with the phone; it is also in ${step.file} until it was read.`);
  }
}

function phoneOf(call: Call): string | undefined {
  const phone = textOf(call, 'phone');
  if (phone === undefined || /^\+[1-9]\d{6,14}$/.test(phone)) return phone;
  throw new Fault('invalid', `--phone ${phone} is no number with its country`, { hint: 'Write +919812345678.' });
}

function channelOf(call: Call, house: House): string {
  const name = call.positionals[0] ?? '';
  if (house.lanes.has(name)) return name;
  const hint = didYouMean(name, house.lanes.keys()) ?? `Known: ${[...house.lanes.keys()].join(', ')}.`;
  throw new Fault('invalid', name ? `there is no channel "${name}" in project.yml` : 'which channel?', { hint });
}
