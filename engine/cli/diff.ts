import { loadConfig, targetNames } from '../config/config.ts';
import { counted } from '../config/counted.ts';
import { Fault } from '../fault.ts';
import { diffTable, type TableDifference } from '../run/diff.ts';
import { placesOf } from '../run/places.ts';
import { openTarget } from '../warehouse/open.ts';
import { compareRuns } from './diff-runs.ts';
import type { Call } from './program.ts';
import { openSelectable, selectionOptions, selectionUsage } from './selection.ts';
import { textTable } from './table.ts';
import { selectWherever } from './warehouse-call.ts';

export const usage = `A B [--select S] [--exclude S]

Compares the tables of two targets of project.yml row by row: by a model's unique_key, else by whole rows. Of two runs of
one target (ids as engine runs shows them) compares what stood after each: the windows whose data is not the same, with
their numbers of rows where the record has them; the rows of then are not kept. Fails when there is a difference.
${selectionUsage}`;
export const options = selectionOptions;
export const positionals = 2;
export const examples = ['diff dev prod --select kpi.store_daily', 'diff mwtl88npc867258309 mwtln47m9e0386cad2'];
export const exits = { 1: 'there is a difference' };

export async function run(call: Call): Promise<number> {
  const [a, b] = call.positionals;
  if (a === undefined || b === undefined) throw new Fault('invalid', 'name two targets or two runs: engine diff A B');
  if (a === b) throw new Fault('invalid', `${a} and ${b} are one: name two targets or two runs`);
  const workspace = await openSelectable(call);
  const { root } = workspace.config;
  const targets = targetNames(root);
  if (!targets.includes(a) && !targets.includes(b)) return compareRuns(call, a, b);
  const nodes = (await selectWherever(call, workspace)).filter(({ materialized }) => materialized !== 'ephemeral');
  await using opened = new AsyncDisposableStack();
  const open = async (name: string) => {
    const { target, schemaSuffix } = loadConfig(root, call.environment, name);
    const database = opened.use(await openTarget(target, { root, signal: call.signal }));
    const { own } = placesOf(workspace.project, schemaSuffix);
    return (table: string) => ({ database, table: own(table) });
  };
  const [left, right] = [await open(a), await open(b)];
  const differences: TableDifference[] = [];
  for (const { name, kind } of nodes) {
    if (kind !== 'model' && kind !== 'seed') continue;
    call.signal.throwIfAborted();
    differences.push(
      await diffTable(name, workspace.project.models.get(name)?.uniqueKey ?? [], left(name), right(name)),
    );
  }
  for (const one of differences) call.print(describe(one, a, b));
  const same = differences.every(isSame);
  call.print(same ? 'No difference.' : 'They differ.');
  call.answer({ same, tables: differences });
  return same ? 0 : 1;
}

function isSame({ there, columns, onlyA, onlyB, changed }: TableDifference): boolean {
  return there.a === there.b && columns.a.length + columns.b.length + onlyA + onlyB + changed === 0;
}

function describe(one: TableDifference, a: string, b: string): string {
  const { model, there, columns, rows, onlyA, onlyB, changed, examples } = one;
  if (!there.a && !there.b) return `${model}: in neither`;
  if (!there.a || !there.b) return `${model}: only in ${there.a ? a : b}`;
  const said = [
    ...(columns.a.length > 0 ? [`columns only in ${a}: ${columns.a.join(', ')}`] : []),
    ...(columns.b.length > 0 ? [`columns only in ${b}: ${columns.b.join(', ')}`] : []),
    ...(onlyA > 0 ? [`${counted(onlyA, 'row')} only in ${a}`] : []),
    ...(onlyB > 0 ? [`${counted(onlyB, 'row')} only in ${b}`] : []),
    ...(changed > 0 ? [`${counted(changed, 'row')} changed`] : []),
  ];
  if (said.length === 0) return `${model}: the same ${counted(rows.a, 'row')}`;
  const lines = examples.flatMap(({ a: before, b: after }) => [
    ...(before ? [{ in: a, ...before }] : []),
    ...(after ? [{ in: b, ...after }] : []),
  ]);
  return `${model}: ${said.join('; ')}${lines.length > 0 ? `\n${textTable(lines)}` : ''}`;
}
