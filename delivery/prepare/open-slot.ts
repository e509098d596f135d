import { Fault } from '#engine';
import type { FileStore } from '../files/file-store.ts';
import { type Behind, type Coverage, completeUntil, decideGate, showBehind } from '../gate/decide.ts';
import { type HeldSlot, type Slots, slotShown } from '../ledger/slots.ts';
import type { Report } from '../report/schema.ts';
import { addDays } from '../slot/calendar-date.ts';
import type { DayRange } from '../slot/period.ts';
import type { Slot } from '../slot/slot.ts';
import { type ContentTools, isEmpty, makeContent, type SlotContent } from './content.ts';
import { limitContent } from './limits.ts';
import { modelsRead, queriesOf } from './queries.ts';
import { queriesHash } from './restate.ts';

export interface OpenTools extends ContentTools {
  readonly slots: Pick<Slots, 'freeze' | 'end'>;
  readonly files: FileStore;
  /** Which days each model covers, asked anew at every call. */
  readonly coverage: () => Promise<Coverage>;
  readonly now: () => Date;
}

export interface OpenRequest {
  readonly report: Report;
  readonly slot: Slot;
  readonly held: HeldSlot;
  /** Names this run on the pages it makes. */
  readonly run: string;
  /** Opens the gate whatever the data; the reason is kept. */
  readonly anyway?: string;
}

/** What became of a slot that was due. */
export type OpenedSlot =
  | { readonly kind: 'frozen'; readonly content: SlotContent }
  | { readonly kind: 'waiting'; readonly behind: readonly Behind[] }
  | {
      readonly kind: 'ended';
      readonly state: 'skipped' | 'given-up';
      readonly reason: string;
      readonly tellOwners: boolean;
    };

/**
 * Brings a slot to its frozen content: what it is frozen to already, or, once the data is there, what is read now. Of two
 * processes that read at the same time, one's content is kept and both go on from it.
 */
export async function openSlot(tools: OpenTools, request: OpenRequest, signal: AbortSignal): Promise<OpenedSlot> {
  const { report, held } = request;
  const slot = slotShown(request.slot, held.limits);
  if (held.frozen !== undefined) return { kind: 'frozen', content: await readContent(tools.files, held.frozen) };
  if (held.state !== 'waiting') {
    return { kind: 'ended', state: 'skipped', reason: `the slot was ${held.state}`, tellOwners: false };
  }
  const end = async (state: 'skipped' | 'given-up', reason: string, tellOwners: boolean): Promise<OpenedSlot> => {
    await tools.slots.end(held.id, state, reason, tellOwners);
    return { kind: 'ended', state, reason, tellOwners };
  };

  if (slot.usefulUntil !== undefined && slot.usefulUntil <= tools.now()) {
    return end('skipped', 'the data came too late to be useful', true);
  }

  const queries = queriesOf(report, slot, tools.project);
  const need = { models: modelsRead(queries, tools.project), days: daysNeeded(report, slot) };
  const coverage = await tools.coverage();
  if (request.anyway === undefined) {
    const deadline = slot.deadline === undefined ? {} : { deadline: slot.deadline };
    const decision = decideGate({ ...need, ...deadline }, coverage, tools.now());
    const waits = decision.kind === 'give-up' && report.after_deadline === 'send_late';
    if (decision.kind === 'wait' || (waits && decision.kind === 'give-up')) {
      return { kind: 'waiting', behind: decision.behind };
    }
    if (decision.kind === 'give-up') {
      const reason = `the data was not there by the deadline: ${showBehind(decision.behind)}`;
      const aloud = report.after_deadline === 'notice';
      return end(aloud ? 'given-up' : 'skipped', reason, aloud);
    }
  }
  const made = {
    run: request.run,
    at: tools.now(),
    dataUntil: completeUntil(need, coverage),
    test: held.limits.testTo !== undefined,
    queries: queriesHash(queries),
    builds: [...new Set(need.models.flatMap((model) => coverage.get(model)?.builds ?? []))].sort(),
  };
  const whole = await makeContent(tools, report, slot, queries, made, signal);
  const content = limitContent(whole, held.limits, tools.lanes);
  if (report.on_empty !== 'send' && isEmpty(content)) {
    return end('skipped', 'there were no rows', report.on_empty === 'notice');
  }
  const { sha256 } = await tools.files.put(new TextEncoder().encode(JSON.stringify(content)));
  const kept = await tools.slots.freeze(held.id, sha256);
  return { kind: 'frozen', content: kept === sha256 ? content : await readContent(tools.files, kept) };
}

/** A report of an instant waits for the last whole day before it: of its own day the data is never complete. */
export function daysNeeded(report: Pick<Report, 'period'>, slot: Slot): DayRange {
  return report.period === 'tick' ? { from: addDays(slot.days.from, -1), until: slot.days.from } : slot.days;
}

async function readContent(files: Pick<FileStore, 'read'>, sha256: string): Promise<SlotContent> {
  const content: SlotContent = JSON.parse(new TextDecoder().decode(await files.read(sha256)));
  if (content.version === 1) return content;
  throw new Fault('invalid', 'the slot was frozen by a later version of this program');
}
