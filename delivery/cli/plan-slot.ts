import { type Call, showDuration } from '#engine';
import { whole } from '../edition/edition.ts';
import { type LaneTime, laneTime, partsByLane } from '../edition/lane-time.ts';
import type { LeftOut, PlannedMessage } from '../edition/plan-messages.ts';
import { type Behind, completeUntil, decideGate, showBehind } from '../gate/decide.ts';
import type { House } from '../house.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openComposing, openVariants, writeMessage } from '../prepare/compose-edition.ts';
import { factsOfMaking } from '../prepare/content.ts';
import { daysNeeded } from '../prepare/open-slot.ts';
import { modelsRead, queriesOf } from '../prepare/queries.ts';
import { planEditions, readSlot } from '../prepare/read-slot.ts';
import type { Report } from '../report/schema.ts';
import type { Slot } from '../slot/slot.ts';

/** What a run of one slot would do. */
export interface SlotPlan {
  readonly report: string;
  readonly slot: string;
  readonly gate: 'open' | 'closed';
  readonly waiting: readonly Behind[];
  /** The slot's state in the ledger; null where it is not held. */
  readonly held: string | null;
  readonly messages: readonly {
    readonly edition: string;
    readonly entry: string;
    readonly recipient: string;
    /** Where it is not the edition's own, and while it is planned. */
    readonly locale?: string;
    readonly channel: string;
    readonly ladder: readonly string[];
    readonly files: readonly string[];
    readonly subject: string;
    readonly state: string;
  }[];
  /** For each lane its parts and the seconds they take at the lane's pace of late; null before anything was sent in it. */
  readonly lanes: readonly LaneTime[];
  /** Who is on the list and gets nothing from a rung, because the address is not written to any more. */
  readonly suppressed: readonly Suppressed[];
  readonly left_out: readonly { readonly entry: string; readonly recipient: string; readonly reason: string }[];
}

interface Suppressed {
  readonly entry: string;
  readonly recipient: string;
  readonly channel: string;
  readonly reason: string;
}

/** Plans by the functions that a run uses, and writes nothing. What is held is shown as it stands. */
export async function planSlot(house: House, report: Report, slot: Slot, signal: AbortSignal): Promise<SlotPlan> {
  const ledger = await house.ledger();
  const held = await ledger.slots.newest(report.name, slot.id);
  const common = { report: report.name, slot: slot.id, held: held?.state ?? null };
  if (held?.state === 'sealed') {
    const messages = (await ledger.messages.list(held.id)).map((message) => ({
      edition: message.edition,
      entry: message.entry,
      recipient: message.recipient,
      channel: message.channel,
      ladder: [message.channel],
      files: message.parts.flatMap(({ files }) => files.map(({ name }) => name)),
      subject: '',
      state: message.state,
    }));
    return { ...common, gate: 'open', waiting: [], messages, ...nothing };
  }
  const tools = await house.prepareTools();
  const queries = queriesOf(report, slot, tools.project);
  const need = { models: modelsRead(queries, tools.project), days: daysNeeded(report, slot) };
  const coverage = await tools.coverage();
  const decision = decideGate(need, coverage, tools.now());
  if (decision.kind !== 'open') {
    return { ...common, gate: 'closed', waiting: decision.behind, messages: [], ...nothing };
  }
  const made = { run: 'plan', at: tools.now(), dataUntil: completeUntil(need, coverage) };
  const rows = await readSlot(tools, report, queries, signal);
  const compose = openComposing(tools, report, slot, factsOfMaking(report, tools.project, made));
  const messages: (PlannedMessage & { readonly subject: string })[] = [];
  const left: LeftOut[] = [];
  for (const { edition, own, messages: some, leftOut } of planEditions(report, rows, tools)) {
    const composed = openVariants(compose, edition, own);
    for (const message of some) {
      const { subject } = writeMessage(report, composed(message.locale), message);
      messages.push({ ...message, subject });
    }
    left.push(...leftOut);
  }
  return {
    ...common,
    gate: 'open',
    waiting: [],
    messages: messages.map(({ edition, entry, recipient, locale, rungs, attach, inline, subject }) => ({
      edition,
      entry,
      recipient: recipient.id,
      ...(locale === undefined ? {} : { locale }),
      channel: rungs[0]?.lane ?? '',
      ladder: rungs.map(({ lane }) => lane),
      files: inline ? [...attach, inline] : attach,
      subject,
      state: 'planned',
    })),
    lanes: await laneTimes(ledger, house, messages),
    suppressed: await suppressedOf(ledger, report.name, messages),
    left_out: left,
  };
}

const nothing = { lanes: [], suppressed: [], left_out: [] };

async function laneTimes(ledger: Ledger, house: House, messages: readonly PlannedMessage[]): Promise<LaneTime[]> {
  const times: LaneTime[] = [];
  for (const [lane, parts] of partsByLane(messages)) {
    times.push(laneTime(lane, parts, await ledger.pace(lane), house.lanes.get(lane)?.parallel ?? 1));
  }
  return times;
}

async function suppressedOf(
  ledger: Ledger,
  report: string,
  messages: readonly PlannedMessage[],
): Promise<Suppressed[]> {
  const rungs = messages.flatMap((message) => message.rungs.map((rung) => ({ ...rung, message })));
  const reasons = new Map<string, ReadonlyMap<string, string>>();
  for (const lane of new Set(rungs.map((rung) => rung.lane))) {
    const addresses = rungs.filter((rung) => rung.lane === lane).map(({ address }) => address);
    reasons.set(lane, await ledger.suppressed(lane, addresses, report));
  }
  return rungs.flatMap(({ lane, address, message: { entry, recipient } }) => {
    const reason = reasons.get(lane)?.get(address);
    return reason === undefined ? [] : [{ entry, recipient: recipient.id, channel: lane, reason }];
  });
}

export function showPlan(call: Call, plan: SlotPlan): void {
  const name = `${plan.report} ${plan.slot}`;
  if (plan.gate === 'closed') {
    call.print(`${name}: waits for its data: ${showBehind(plan.waiting)}`);
    return;
  }
  call.print(`${name}: ${plan.messages.length} messages${plan.held === 'sealed' ? ', made before' : ' would go'}`);
  for (const { edition, entry, recipient, locale, ladder, files, state } of plan.messages) {
    const of = edition === whole.key ? '' : `  ${edition}`;
    const written = locale === undefined ? '' : ` in ${locale}`;
    call.print(
      `  ${recipient}${of}  by ${ladder.join(', then ')}  ${files.join(', ')}${written}  (${entry}, ${state})`,
    );
  }
  for (const { lane, parts, seconds } of plan.lanes) {
    call.print(`  ${lane}: ${parts} parts${seconds === null ? '' : `, about ${showDuration(seconds * 1000)}`}`);
  }
  for (const { entry, recipient, channel, reason } of plan.suppressed) {
    call.print(`  ${recipient}  not by ${channel} (${entry}): suppressed, ${reason}`);
  }
  for (const { entry, recipient, reason } of plan.left_out) call.print(`  ${recipient}  not by ${entry}: ${reason}`);
}
