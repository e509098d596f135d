import { counted } from '../config/counted.ts';
import type { AuditFailure } from '../execute/outcome.ts';
import type { StepResult } from '../execute/perform.ts';
import { showFault } from '../fault.ts';
import type { Kept, Step, Waiting } from '../plan/step.ts';
import { describeStep, errorOf, type RunResult } from '../run/run.ts';
import type { Workspace } from '../run/workspace.ts';
import { showEdge } from '../time/grain.ts';
import { showDuration, textTable } from './table.ts';

const verbs: Readonly<Record<Step['kind'], string>> = {
  load: 'load',
  observe: 'see',
  view: 'view',
  table: 'table',
  window: 'build',
  audit: 'audit',
};

/** A step as one line: what, which window, why. */
export function stepLine(step: Step, workspace: Workspace): string {
  const { from, until, reason } = describeStep(step, workspace);
  const range = from === null ? '' : `  ${from} .. ${until}`;
  const what = step.kind === 'load' ? `${step.model}  ${step.file.file}` : step.model;
  return `${verbs[step.kind].padEnd(5)}  ${what}${range}  (${reason})`;
}

/** What cannot be built yet, its edges as people read them; without windows they are null. */
export function describeWaiting(waiting: readonly Waiting[], { models, config }: Workspace) {
  return waiting.map(({ model, range, reason }) => {
    const grain = models.get(model)?.model.windowing?.grain ?? 'day';
    const edge = (at: number | undefined) => (at === undefined ? null : showEdge(grain, at, config.calendar));
    return { model, from: edge(range?.from), until: edge(range?.until), reason };
  });
}

/** One line for each thing that cannot be built yet. */
export function waitingLines(waiting: readonly Waiting[], workspace: Workspace): string[] {
  return describeWaiting(waiting, workspace).map(
    ({ model, from, until, reason }) => `waits  ${model}${from ? `  ${from} .. ${until}` : ''}  (${reason})`,
  );
}

/** One line for each stretch that stays as an earlier definition made it. */
export function keptLines(kept: readonly Kept[], { models, config }: Workspace): string[] {
  return kept.map(({ model, range, reason }) => {
    const grain = models.get(model)?.model.windowing?.grain ?? 'day';
    const edge = (at: number) => showEdge(grain, at, config.calendar);
    return `keeps  ${model}  ${edge(range.from)} .. ${edge(range.until)}  (${reason})`;
  });
}

/** What a run has done, by model, and in full what went wrong. */
export function summary({ results, ok, runId }: RunResult, workspace: Workspace): string[] {
  const lines: string[] = [];
  for (const [model, group] of Map.groupBy(results, ({ step }) => step.model)) lines.push(modelLine(model, group));
  // What many steps say alike (blocked by the same failure) is said once.
  lines.push(...new Set(results.flatMap((result) => failureLines(result, workspace).join('\n') || [])));
  lines.push(ok ? `Done: ${counted(results.length, 'step')}, run ${runId}.` : `Failed; see above. Run ${runId}.`);
  return lines;
}

function modelLine(model: string, group: readonly StepResult[]): string {
  const rows = group.reduce((sum, { outcome }) => sum + (outcome.kind === 'built' ? outcome.rows : 0), 0);
  const ms = group.reduce((sum, result) => sum + result.ms, 0);
  // What waited for a failed step of the model itself adds nothing to that.
  const told = group.filter(({ outcome }) => outcome.kind !== 'blocked' || outcome.by !== model);
  const outcomes = [...new Set(told.map(({ outcome }) => word(outcome)))].join(', ');
  const [first] = group;
  // A view has no rows of its own, and audits write none.
  const holdsRows = first?.step.kind !== 'view' && first?.step.kind !== 'audit';
  const wrote = group.some(({ outcome }) => outcome.kind === 'built');
  const what = holdsRows ? (wrote ? counted(rows, 'row') : '') : (verbs[first.step.kind] ?? '');
  return `${outcomes.padEnd(12)}  ${model.padEnd(26)}  ${what.padStart(15)}  ${showDuration(ms).padStart(8)}`;
}

function word(outcome: StepResult['outcome']): string {
  return outcome.kind === 'built' && outcome.unchanged ? 'unchanged' : outcome.kind;
}

function failureLines(result: StepResult, workspace: Workspace): string[] {
  const { outcome, step } = result;
  const about = `${step.model}: `;
  if (outcome.kind === 'failed') return ['', `${about}${showFault(outcome.error)}`];
  const failures = brokenRules(outcome);
  if (failures.length > 0) {
    const lines = failures.flatMap((failure) => failedAudit(failure, step.model, workspace));
    if (outcome.kind === 'audit-failed') {
      const stage = outcome.evidence ? ` What was refused is kept in ${outcome.evidence}.` : '';
      lines.push(
        step.kind === 'audit'
          ? 'These rows were published under other audits and stay; what reads them, and reports, waits.'
          : `What was published before stays.${stage}`,
      );
    }
    return lines;
  }
  if (outcome.kind === 'blocked' && outcome.by === step.model) return [];
  const error = errorOf(result);
  return error === null ? [] : [`${about}${error}`];
}

function brokenRules(outcome: StepResult['outcome']): readonly AuditFailure[] {
  if (outcome.kind === 'audit-failed') return outcome.failures;
  return outcome.kind === 'built' || outcome.kind === 'audited' ? outcome.warnings : [];
}

/** A rule that is broken, and some of the rows that break it. */
export function failedAudit(failure: AuditFailure, model: string, { models }: Workspace): string[] {
  // A file of its own has no line, and is named by the audit.
  const line = failure.place?.line === undefined ? '' : `:${failure.place.line}`;
  return [
    '',
    `${models.get(model)?.model.path ?? model}${line}  ${failure.severity}  ${model}: ${failure.audit}: broken by ${counted(failure.count, 'row')}`,
    textTable(failure.rows.slice(0, 5)),
    `${failure.count > 1000 ? '1,000 of them' : 'They'} are kept in ${failure.kept}.`,
  ];
}
