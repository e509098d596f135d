import { counted } from '../config/counted.ts';
import { auditBuilt } from '../run/audit-built.ts';
import type { Call } from './program.ts';
import { selectionOptions, selectionUsage } from './selection.ts';
import { failedAudit } from './steps.ts';
import { openWarehouse } from './warehouse-call.ts';

export const usage = `[--select S] [--exclude S]

Asks the audits of models of what is built now. Fails when a blocking one does; what is published stays.
${selectionUsage}`;
export const options = selectionOptions;
export const examples = ['audit', 'audit --select kpi.store_daily'];
export const exits = { 1: 'a blocking audit failed; what is published stays' };

export async function run(call: Call): Promise<number> {
  await using warehouse = await openWarehouse(call);
  const { workspace, database, recorded } = warehouse;
  const names = (await warehouse.selected(call.values)).map((node) => node.name);
  const verdicts = await auditBuilt(workspace, names, recorded, database, call.signal);
  let failed = false;
  for (const { model, audits, failures, built } of verdicts) {
    const bad = failures.some(({ severity }) => severity === 'error');
    failed ||= bad;
    const word = built ? (bad ? 'failed' : failures.length > 0 ? 'warned' : 'passed') : 'unbuilt';
    call.print(`${word.padEnd(7)}  ${model}  (${counted(audits, 'audit')})`);
    for (const failure of failures) for (const line of failedAudit(failure, model, workspace)) call.print(line);
  }
  if (verdicts.length === 0) call.print('No audits: none of what is selected has any.');
  call.answer({
    ok: !failed,
    models: verdicts.map(({ model, audits, failures, built }) => ({ model, audits, built, failures })),
  });
  return failed ? 1 : 0;
}
