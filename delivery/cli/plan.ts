import { type Call, showProblem } from '#engine';
import { ruleOf } from '../slot/rule.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { dateOption, dateUsage, dayOf, houseOf, reportOf, targetOption, targetUsage } from './options.ts';
import { planSlot, type SlotPlan, showPlan } from './plan-slot.ts';

export const usage = `[REPORT] [--date D] [--target T]

Shows every message that would go: to whom, by which channels, with which files; and who is left out, and why. Sends nothing.
${dateUsage}
${targetUsage}`;
export const options = { ...dateOption, ...targetOption } as const;
export const positionals = 1;
export const examples = ['plan', 'plan daily_sales --date 2022-02-28'];
export const exits = { 3: 'not all of the data is there: the gate is closed' };

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  for (const problem of house.problems) call.note(showProblem(problem));
  const reports = call.positionals.length > 0 ? [reportOf(call, house)] : house.reports;
  const plans: SlotPlan[] = [];
  for (const report of reports) {
    const now = new Date();
    const rule = ruleOf(report, house.config.calendar.timezone);
    const slot = slotAskedFor(rule, dayOf(call, report, house, now), now, 'plan');
    const plan = await planSlot(house, report, slot, call.signal);
    showPlan(call, plan);
    plans.push(plan);
  }
  call.answer(plans);
  return plans.some(({ gate }) => gate === 'closed') ? 3 : 0;
}
