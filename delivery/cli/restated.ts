import { type Call, Fault } from '#engine';
import { openCut } from '../edition/for-each.ts';
import { decideGate } from '../gate/decide.ts';
import type { House } from '../house.ts';
import type { SentEdition } from '../ledger/editions.ts';
import { slotShown } from '../ledger/slot.ts';
import { editionFacts, openComposing } from '../prepare/compose-edition.ts';
import { factsOfMaking } from '../prepare/content.ts';
import { daysNeeded } from '../prepare/open-slot.ts';
import { modelsRead, queriesOf } from '../prepare/queries.ts';
import { readSlot } from '../prepare/read-slot.ts';
import { compareEditions, queriesHash, type Restatement } from '../prepare/restate.ts';
import { addDays } from '../slot/calendar-date.ts';
import { parseDay } from '../slot/period.ts';
import { instantOf, localTime } from '../slot/zone.ts';
import { houseOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `[--since D] [--target T]

Reports already sent whose numbers have changed since, and who has them. Sends nothing: "delivery run REPORT --date D
--resend" does.
  --since D      sent on this day or later; default: as many days ago as "restated" of
                 project.yml says, 35
${targetUsage}`;
export const options = { ...targetOption, since: { type: 'string' } } as const;
export const examples = ['restated --since 2022-02-01'];
export const exits = { 3: 'of some reports the data is not built just now' };

interface Restated {
  readonly report: string;
  readonly slot: string;
  readonly edition: string;
  readonly recipients: readonly string[];
  readonly figures: readonly { readonly name: string; readonly old: string | null; readonly new: string | null }[];
  /** Why it cannot be said; null where it can. */
  readonly not_comparable: string | null;
}

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const ledger = await house.ledger();
  const found: Restated[] = [];
  const later: { report: string; slot: string }[] = [];
  for (const sent of await ledger.editions.sentSince(sinceOf(call, house))) {
    const change = await changeOf(house, sent, call.signal);
    const { report, about, edition, recipients, limits } = sent;
    const slot = slotShown(about, limits).id;
    if (change === 'waits') later.push({ report, slot });
    else if (change.kind === 'changed') {
      const figures = change.figures.map(({ name, old, now }) => ({ name, old, new: now }));
      found.push({ report, slot, edition, recipients, figures, not_comparable: null });
    } else if (change.kind === 'not-comparable') {
      found.push({ report, slot, edition, recipients, figures: [], not_comparable: change.reason });
    }
  }
  for (const { report, slot, edition, recipients, figures, not_comparable } of found) {
    const shown = figures.map(({ name, old, new: now }) => `${name} was ${old ?? 'nothing'}, is ${now ?? 'nothing'}`);
    const what = not_comparable ?? (shown.join('; ') || 'rows have changed, no headline figure');
    call.print(`${report} ${slot} ${edition}: ${what}`);
    call.print(`  sent to ${recipients.join(', ')}`);
  }
  for (const { report, slot } of later) call.print(`${report} ${slot}: its data is not built just now`);
  if (found.length + later.length === 0) call.print('Nothing that was sent has changed.');
  call.answer({ restated: found, waiting: later });
  return later.length > 0 ? 3 : 0;
}

/** Reads the slot's datasets again, by the report as it is now, and compares. */
async function changeOf(house: House, sent: SentEdition, signal: AbortSignal): Promise<Restatement | 'waits'> {
  const report = house.reports.find(({ name }) => name === sent.report);
  if (report === undefined) return { kind: 'not-comparable', reason: 'there is no such report any more' };
  const slot = slotShown(sent.about, sent.limits);
  const tools = await house.prepareTools();
  const queries = queriesOf(report, slot, tools.project);
  const need = { models: modelsRead(queries, tools.project), days: daysNeeded(report, slot) };
  const coverage = await tools.coverage();
  if (decideGate(need, coverage, tools.now()).kind !== 'open') return 'waits';
  const made = { run: 'restated', at: tools.now(), queries: queriesHash(queries), builds: [] };
  const rows = await readSlot(tools, report, queries, signal);
  const edition = rows.editions.find(({ key }) => key === sent.edition);
  if (edition === undefined) return { kind: 'not-comparable', reason: 'there is no such edition any more' };
  const facts = factsOfMaking(report, tools.project, made);
  const own = openCut(report, rows.datasets)(edition);
  const composed = openComposing(tools, report, slot, facts)(edition, own);
  return compareEditions(sent, editionFacts(facts, edition, own, composed));
}

function sinceOf(call: Call, house: House): Date {
  const { timezone } = house.config.calendar;
  const text = textOf(call, 'since');
  if (text === undefined) {
    return instantOf(addDays(localTime(new Date(), timezone).date, -house.restatedDays), '00:00', timezone);
  }
  const day = parseDay(text);
  if (day !== undefined) return instantOf(day, '00:00', timezone);
  throw new Fault('invalid', `--since ${text} is no date`, { hint: 'Write 2021-12-21.' });
}
