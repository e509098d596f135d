import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { type Branch, type Direction, type Link, linksFrom, treeOf } from '../lineage/trace.ts';
import { type Lineage, readLineage } from '../run/lineage.ts';
import type { Call } from './program.ts';
import { openSelectable, textOf } from './selection.ts';

export const usage = `[MODEL[.COLUMN]] [--upstream] [--downstream] [--depth N] [--output text|json|mermaid]

Shows what a table, or a column, is made from and what is made from it, down to sources and up to reports. Without a name,
the whole project. Needs no warehouse.

  --upstream     only what it is made from
  --downstream   only what is made from it
  --depth N      at most N steps away
  --output O     text (as it is without), json, or mermaid (a graph of the tables, or of a column's columns)
  --target T     a target of project.yml`;
export const options = {
  upstream: { type: 'boolean' },
  downstream: { type: 'boolean' },
  depth: { type: 'string' },
  output: { type: 'string' },
  target: { type: 'string', short: 't' },
} as const;
export const positionals = 1;
export const examples = [
  'lineage kpi.store_daily',
  'lineage kpi.store_daily.amount --upstream',
  'lineage --output json',
];

export async function run(call: Call): Promise<number> {
  const { values, positionals: words } = call;
  const output = textOf(values, 'output') ?? 'text';
  if (!['text', 'json', 'mermaid'].includes(output)) {
    throw new Fault('invalid', `--output ${output}: one of text, json, mermaid`);
  }
  const lineage = await readLineage(await openSelectable(call, 'always'));
  const wanted = words[0] === undefined ? undefined : find(words[0], lineage);
  const depth = depthOf(textOf(values, 'depth'));
  const directions: Direction[] =
    values['upstream'] === values['downstream'] ? ['up', 'down'] : values['upstream'] ? ['up'] : ['down'];
  const cut = <L extends Link>(links: readonly L[], start: readonly string[]): L[] =>
    wanted ? [...new Set(directions.flatMap((one) => linksFrom(links, start, one, depth)))] : [...links];
  const own = wanted?.column ? [wanted.name] : columnsOf(wanted?.name, lineage);
  const columns = cut(lineage.columns, own);
  const tables = wanted?.column ? tablesOf(columns, lineage) : cut(lineage.tables, [wanted?.name ?? '']);
  const named = new Set([
    ...tables.flatMap(({ from, to }) => [from, to]),
    ...(wanted ? [wanted.table] : lineage.unknown),
  ]);
  const answer = {
    tables: tables.map(({ from, to }) => [from, to]),
    columns: columns.map(({ from, to }) => [from, to]),
    partial: columns.filter(({ partial }) => partial).map(({ from, to }) => [from, to]),
    unknown: lineage.unknown.filter((name) => named.has(name)),
  };
  if (output === 'json') call.print(JSON.stringify(answer));
  else if (output === 'mermaid') for (const line of mermaid(wanted?.column ? columns : tables)) call.print(line);
  else
    for (const line of wanted ? trees(wanted, directions, columns, tables, lineage) : overview(lineage))
      call.print(line);
  call.answer(answer);
  return 0;
}

interface Wanted {
  /** As it stands in the links: a table, or `table.column`. */
  readonly name: string;
  readonly table: string;
  readonly column: boolean;
}

/** The table or column that a word names; a schema may be left out where only one table has the name. */
function find(word: string, { names, columns }: Lineage): Wanted {
  const byEnd = (text: string) => {
    const same = names.filter((name) => name === text || name.endsWith(`.${text}`));
    return names.includes(text) ? text : same.length === 1 ? same[0] : undefined;
  };
  const table = byEnd(word);
  if (table !== undefined) return { name: table, table, column: false };
  const dot = word.lastIndexOf('.');
  const owner = dot < 0 ? undefined : byEnd(word.slice(0, dot));
  if (owner === undefined) {
    const hint = didYouMean(word, names);
    throw new Fault('invalid', `nothing here is called ${word}`, hint ? { hint } : {});
  }
  const name = `${owner}.${word.slice(dot + 1)}`;
  const known = columnsOf(owner, { columns, names });
  if (known.includes(name)) return { name, table: owner, column: true };
  const hint = didYouMean(
    word.slice(dot + 1),
    known.map((one) => one.slice(owner.length + 1)),
  );
  throw new Fault('invalid', `no column ${word.slice(dot + 1)} of ${owner} is known`, hint ? { hint } : {});
}

/** The columns of a table, of a report those of its queries. */
function columnsOf(table: string | undefined, { columns }: Pick<Lineage, 'columns' | 'names'>): string[] {
  if (table === undefined) return [];
  const all = new Set(columns.flatMap(({ from, to }) => [from, to]));
  return [...all].filter((name) => name.startsWith(`${table}.`));
}

function tablesOf(columns: readonly Link[], { tables, names }: Lineage): Link[] {
  const owner = (column: string) =>
    names.filter((name) => column.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0];
  const pairs = new Set(columns.map(({ from, to }) => `${owner(from)} ${owner(to)}`));
  return tables.filter(({ from, to }) => pairs.has(`${from} ${to}`));
}

function depthOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Fault('invalid', `--depth ${text}: a number of steps, from 1 on`);
}

const words: Readonly<Record<Direction, string>> = { up: 'is made from', down: 'goes into' };

function trees(
  { name, column }: Wanted,
  directions: readonly Direction[],
  columns: Lineage['columns'],
  tables: readonly Link[],
  { unknown }: Lineage,
): string[] {
  const links = column ? columns : tables;
  const partial = new Set(columns.filter((one) => one.partial).flatMap(({ to }) => to));
  const mark = (one: string) => (unknown.includes(one) || (column && partial.has(one)) ? `${one}  (partial)` : one);
  const lines = directions.flatMap((direction) => {
    const { branches } = treeOf(links, name, direction);
    return branches.length === 0
      ? []
      : [`  ${words[direction]}`, ...branches.flatMap((one) => drawn(one, '    ', mark))];
  });
  return [mark(name), ...(lines.length > 0 ? lines : ['  nothing that is known here'])];
}

function drawn({ name, branches, repeated }: Branch, indent: string, mark: (name: string) => string): string[] {
  return [
    `${indent}${mark(name)}${repeated ? '  (see above)' : ''}`,
    ...branches.flatMap((one) => drawn(one, `${indent}  `, mark)),
  ];
}

function overview({ tables, unknown }: Lineage): string[] {
  const lines = [...Map.groupBy(tables, ({ to }) => to)].map(
    ([to, links]) =>
      `${to}${unknown.includes(to) ? '  (partial)' : ''}  <-  ${links.map(({ from }) => from).join(', ')}`,
  );
  return lines;
}

function mermaid(links: readonly Link[]): string[] {
  const ids = new Map<string, string>();
  const id = (name: string) => {
    const known = ids.get(name);
    if (known) return known;
    const next = `n${ids.size}`;
    ids.set(name, next);
    return `${next}["${name}"]`;
  };
  return ['graph LR', ...links.map(({ from, to }) => `  ${id(from)} --> ${id(to)}`)];
}
