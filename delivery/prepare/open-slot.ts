import { Fault } from '#engine';
import type { Lanes } from '../edition/lane.ts';
import { filesOf } from '../edition/plan-messages.ts';
import type { FileStore } from '../files/file-store.ts';
import { type Behind, type Coverage, completeUntil, decideGate, showBehind } from '../gate/decide.ts';
import { type HeldSlot, slotShown } from '../ledger/slot.ts';
import type { Slots } from '../ledger/slots.ts';
import type { Report } from '../report/schema.ts';
import { addDays } from '../slot/calendar-date.ts';
import type { DayRange } from '../slot/period.ts';
import type { Slot } from '../slot/slot.ts';
import { type ComposeTools, openComposing, openVariants, writeMessage } from './compose-edition.ts';
import { type ContentFacts, factsOfMaking, type SlotContent } from './content.ts';
import { redirected } from './limits.ts';
import { modelsRead, type ProjectFacts, queriesOf } from './queries.ts';
import { openContent } from './read-content.ts';
import { isEmpty, planEditions, type ReadTools, readSlot, type SlotRows } from './read-slot.ts';
import { queriesHash } from './restate.ts';
import { type MadeEdition, writeContent } from './write-content.ts';

export interface OpenTools extends ReadTools, ComposeTools {
  readonly project: ProjectFacts;
  readonly lanes: Lanes;
  readonly slots: Pick<Slots, 'noteFile' | 'freeze' | 'thaw' | 'end'>;
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
  if (held.frozen !== undefined) return { kind: 'frozen', content: await readFrozen(tools, held, held.frozen) };
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
  const rows = await readSlot(tools, report, queries, signal);
  const content = factsOfMaking(report, tools.project, made);
  if (report.on_empty !== 'send' && isEmpty(rows)) {
    return end('skipped', 'there were no rows', report.on_empty === 'notice');
  }
  const editions = makeEditions(tools, request, slot, rows, content);
  const written = await writeContent(tools, held.id, content, rows.datasets, editions, signal);
  const kept = await tools.slots.freeze(held.id, written);
  const own = await openContent(tools.files, written, shown(held));
  if (kept === written) return { kind: 'frozen', content: own };
  for (const sha256 of own.files) await tools.files.remove(sha256);
  return { kind: 'frozen', content: await readFrozen(tools, held, kept) };
}

/** The editions of a slot with their words, one when it is asked for: ten thousand letters are never held at once. */
function* makeEditions(
  tools: Pick<OpenTools, 'press' | 'project' | 'lanes'>,
  { report, held: { limits } }: OpenRequest,
  slot: Slot,
  rows: SlotRows,
  content: ContentFacts,
): Generator<MadeEdition> {
  const compose = openComposing(tools, report, slot, content);
  for (const { edition, own, messages, leftOut } of planEditions(report, rows, tools, limits)) {
    const composed = openVariants(compose, edition, own);
    const written = messages.values().map((message) => {
      return redirected(writeMessage(report, composed(message.locale), message), limits, tools.lanes);
    });
    yield { edition, own, files: filesOf(messages, edition.key), messages: written, leftOut };
  }
}

/** What a slot was frozen to. Where that is damaged and no message is held, it is let go of, to be read anew. */
async function readFrozen(
  tools: Pick<OpenTools, 'slots' | 'files'>,
  held: HeldSlot,
  name: string,
): Promise<SlotContent> {
  try {
    return await openContent(tools.files, name, shown(held));
  } catch (error) {
    if (error instanceof Fault && error.code === 'failed') await tools.slots.thaw(held.id, name, error.message);
    throw error;
  }
}

const shown = ({ report, slot }: HeldSlot) => `${report} ${slot}`;

/** A report of an instant waits for the last whole day before it: of its own day the data is never complete. */
export function daysNeeded(report: Pick<Report, 'period'>, slot: Slot): DayRange {
  return report.period === 'tick' ? { from: addDays(slot.days.from, -1), until: slot.days.from } : slot.days;
}
