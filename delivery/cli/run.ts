import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Call, Fault } from '#engine';
import { lastDayOf, showBehind } from '../gate/decide.ts';
import type { House } from '../house.ts';
import type { HeldMessage } from '../ledger/held-messages.ts';
import type { HeldSlot, SlotLimits } from '../ledger/slot.ts';
import type { SlotContent } from '../prepare/content.ts';
import { fillSlot } from '../prepare/fill-slot.ts';
import { type OpenedSlot, openSlot } from '../prepare/open-slot.ts';
import type { Report } from '../report/schema.ts';
import { sendSlot } from '../send/send-slot.ts';
import { ruleOf } from '../slot/rule.ts';
import { type Slot, slotAskedFor } from '../slot/slot.ts';
import { enterSlot, isWanted, slotName } from './enter-slot.ts';
import { releaseOf } from './hold.ts';
import { dateOption, dateUsage, dayOf, houseOf, reportOf, targetOption, targetUsage, textOf } from './options.ts';
import { planSlot, showPlan } from './plan-slot.ts';
import { countStates, describeMessage, exitCodeFor, reasonsOf } from './slot-answer.ts';
import { patience, slotSending } from './slot-sending.ts';

export const usage = `REPORT [--date D] [--edition KEY] [--recipient ID] [--test-to ADDRESS] [--resend] [--anyway --reason R]
  [--wait] [--dry-run] [--target T]

Makes one slot of a report now and sends it. What the ledger holds already is not sent again.
${dateUsage}
  --edition KEY, --recipient ID    only these; the others get theirs when the slot is due or is run whole
  --test-to ADDRESS    everything to this address, marked TEST; its domain is one of test_domains in project.yml
  --wait         waits for the data, and until every message has ended
  --dry-run      shows what would go and sends nothing
  --resend       sends a slot again that was sent
  --anyway --reason R    does not wait for the data; the reason is kept
${targetUsage}`;
export const options = {
  ...dateOption,
  ...targetOption,
  edition: { type: 'string' },
  recipient: { type: 'string' },
  'test-to': { type: 'string' },
  wait: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  resend: { type: 'boolean' },
  anyway: { type: 'boolean' },
  reason: { type: 'string' },
} as const;
export const positionals = 1;
export const examples = ['run daily_sales --date 2022-02-28', 'run daily_sales --test-to me@example.com'];
export const exits = {
  1: 'a message failed or was too late',
  3: 'data is not there, or a message waits or is unclear',
};

/** Milliseconds between two looks at data that is awaited. */
const gateRound = 5_000;

export async function run(call: Call): Promise<number> {
  const reason = anywayReason(call);
  await using house = await houseOf(call);
  const report = reportOf(call, house);
  const now = new Date();
  const runId = randomUUID().slice(0, 8);
  const rule = ruleOf(report, house.config.calendar.timezone);
  const about = slotAskedFor(rule, dayOf(call, report, house, now), now, runId);
  if (call.values['dry-run']) {
    const plan = await planSlot(house, report, about, call.signal);
    showPlan(call, plan);
    call.answer(plan);
    return plan.gate === 'closed' ? 3 : 0;
  }
  await refuseWhileHeld(house);
  // What a channel lacks is said before anything is frozen.
  for (const { channel } of report.deliver) channel.forEach(house.channel);
  const wishes = { ...limitsOf(call), again: call.values['resend'] === true };
  const { slot, held } = await enterSlot(house, about, wishes, runId);
  const ledger = await house.ledger();
  const made = await makeOrWithdraw(call, house, { report, slot, held, runId, reason });
  if (made.kind !== 'made') return answerUnmade(call, house, held, made, await newestDay(call, house, made));
  const { content, added } = made;
  const sending = await slotSending(house, held.id, call.signal);
  await sendSlot(sending, new Date(Date.now() + patience), call.values['wait'] === true, call.signal);

  const all = await ledger.messages.ofSlot(report.name, slotName(held), held.resend);
  const messages = all.filter((message) => isWanted(message, held.limits));
  for await (const { leftOut } of content.messages())
    for (const { entry, recipient, reason: why } of leftOut) call.note(`${entry}: not to ${recipient}: ${why}`);
  for (const line of reasonsOf(messages)) call.note(`  ${line}`);
  call.print(`${report.name} ${slotName(held)}: ${whatCame(messages, added)}`);
  call.answer({
    report: report.name,
    slot: slotName(held),
    resend: held.resend,
    editions: content.keys,
    messages: messages.map((message) => describeMessage(message, house.files)),
    new: added,
  });
  return exitCodeFor(messages);
}

/** `3 sent, 3 new`; `nothing new; 3 sent earlier`. */
function whatCame(messages: readonly HeldMessage[], added: number): string {
  if (messages.length === 0) return 'nobody to send to';
  return added > 0 ? `${countStates(messages)}, ${added} new` : `nothing new; ${countStates(messages)} earlier`;
}

function limitsOf(call: Call): Pick<SlotLimits, 'edition' | 'recipient' | 'testTo'> {
  const edition = textOf(call, 'edition');
  const recipient = textOf(call, 'recipient');
  const testTo = textOf(call, 'test-to');
  return {
    ...(edition === undefined ? {} : { edition }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(testTo === undefined ? {} : { testTo }),
  };
}

function anywayReason(call: Call): string | undefined {
  const reason = textOf(call, 'reason');
  if (call.values['anyway'] && reason) return reason;
  if (!call.values['anyway'] && reason === undefined) return undefined;
  throw new Fault('invalid', '--anyway and --reason go together', {
    hint: '--anyway --reason "asked for by the auditors"',
  });
}

/** A person at a terminal is told at once, not by messages that stay queued. */
async function refuseWhileHeld(house: House): Promise<void> {
  const held = await (await house.ledger()).hold.held();
  if (held === undefined) return;
  throw new Fault('failed', `nothing is sent since ${held.since}: ${held.reason}`, {
    hint: `"${releaseOf(held)}" lets sending go on.`,
  });
}

interface Wanted {
  readonly report: Report;
  readonly slot: Slot;
  readonly held: HeldSlot;
  readonly runId: string;
  readonly reason: string | undefined;
}

type Unmade = Exclude<OpenedSlot, { kind: 'frozen' }>;
type Made = { readonly kind: 'made'; readonly content: SlotContent; readonly added: number } | Unmade;

/** Makes the slot; what is not to be had now is not left behind for others to send later. */
async function makeOrWithdraw(call: Call, house: House, wanted: Wanted): Promise<Made> {
  const { slots } = await house.ledger();
  try {
    const opened = await openWhenReady(call, house, wanted);
    if (opened.kind !== 'frozen') {
      await slots.withdraw(wanted.held.id);
      return opened;
    }
    const { report, slot, held } = wanted;
    const { content } = opened;
    const added = await fillSlot(await house.prepareTools(), report, slot, held, content, call.signal);
    return { kind: 'made', content, added };
  } catch (error) {
    await slots.withdraw(wanted.held.id);
    throw error;
  }
}

async function openWhenReady(call: Call, house: House, wanted: Wanted): Promise<OpenedSlot> {
  const { report, slot, held, runId, reason } = wanted;
  const tools = await house.prepareTools();
  const request = { report, slot, held, run: runId, ...(reason === undefined ? {} : { anyway: reason }) };
  for (let said = false; ; said = true) {
    const opened = await openSlot(tools, request, call.signal);
    if (opened.kind !== 'waiting' || !call.values['wait']) return opened;
    if (!said) call.note(`waiting: ${showBehind(opened.behind)}`);
    await pause(gateRound, undefined, { signal: call.signal });
  }
}

/** The last day for which the data is there, where nobody named a day and the usual one waits. */
async function newestDay(call: Call, house: House, unmade: Unmade): Promise<string | undefined> {
  if (unmade.kind !== 'waiting' || textOf(call, 'date') !== undefined) return undefined;
  const coverage = await (await house.prepareTools()).coverage();
  return lastDayOf(
    unmade.behind.map(({ model }) => model),
    coverage,
  );
}

function answerUnmade(call: Call, house: House, held: HeldSlot, unmade: Unmade, newest: string | undefined): number {
  const { report, resend } = held;
  const slot = slotName(held);
  const waits = unmade.kind === 'waiting';
  const why = waits ? showBehind(unmade.behind) : unmade.reason;
  call.print(`${report} ${slot}: ${waits ? 'waits for its data: ' : ''}${why}`);
  if (waits) call.note('  "engine run" builds what is missing; --wait waits; --anyway --reason R sends it as it is');
  if (newest) call.note(`  the data ends with ${newest}: delivery run ${report} --date ${newest}`);
  house.log.info({ report, slot }, why);
  const waiting = waits ? unmade.behind : [];
  call.answer({ report, slot, resend, editions: [], messages: [], new: 0, waiting, reason: why });
  return waits ? 3 : 0;
}
