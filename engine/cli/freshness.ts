import { type FreshnessVerdict, freshnessOf } from '../run/freshness.ts';
import type { Call } from './program.ts';
import { selectionOptions, selectionUsage } from './selection.ts';
import { showDuration, textTable } from './table.ts';
import { openWarehouse } from './warehouse-call.ts';

export const usage = `[--select S] [--exclude S]

Shows how far the data of sources and models goes, how old that is, and what "freshness:" in their files says of it.
Fails when something is later than its error_after; 3 when later than its warn_after, without data, or not audited.
${selectionUsage}`;
export const options = selectionOptions;
export const examples = ['freshness --select source:*'];
export const exits = {
  1: 'something is later than its error_after',
  3: 'something is later than its warn_after, has no data, or has not passed its audits',
};

export async function run(call: Call): Promise<number> {
  await using warehouse = await openWarehouse(call);
  const names = new Set((await warehouse.selected(call.values)).map((node) => node.name));
  const all = freshnessOf(warehouse.workspace, warehouse.recorded, new Date()).filter(({ name }) => names.has(name));
  const shown = all.map(({ name, kind, until, age, verdict }) => ({
    name,
    kind,
    until: until === undefined ? null : new Date(until).toISOString(),
    age: age === undefined ? null : showAge(age),
    verdict,
  }));
  call.print(textTable(shown));
  call.answer(all.map((one, index) => ({ ...shown[index], age_ms: one.age ?? null })));
  if (all.some(({ verdict }) => verdict === 'too late')) return 1;
  return all.some(({ verdict }) => soft.has(verdict)) ? 3 : 0;
}

const soft: ReadonlySet<FreshnessVerdict> = new Set(['late', 'no data', 'not audited']);

const day = 86_400_000;

function showAge(ms: number): string {
  return ms >= 2 * day ? `${Math.floor(ms / day)} days` : showDuration(Math.max(0, ms));
}
