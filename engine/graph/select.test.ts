import { expect, test } from 'vitest';
import { buildGraph, type GraphNode, idOf } from './graph.ts';
import { type Answers, asked, select } from './select.ts';

function node(name: string, reads: string[] = [], more: Partial<GraphNode> = {}): GraphNode {
  return { name, kind: 'model', path: `models/${name.replace('.', '/')}.sql`, tags: [], reads, ...more };
}

const { graph } = buildGraph([
  node('raw.sales_lines', [], { kind: 'source', path: 'models/sources.yml' }),
  node('raw.stores', [], { kind: 'source', path: 'models/sources.yml' }),
  node('ref.targets', [], { kind: 'seed', path: 'models/seeds/ref.targets.csv' }),
  node('staging.sales_lines', ['raw.sales_lines'], { materialized: 'incremental', tags: ['daily'] }),
  node('staging.stores', ['raw.stores'], { materialized: 'view' }),
  node('kpi.store_day', ['staging.sales_lines', 'staging.stores'], {
    materialized: 'incremental',
    tags: ['kpi', 'daily'],
  }),
  node('kpi.stores', ['staging.stores', 'ref.targets'], { tags: ['kpi'] }),
  node('kpi.deep.month', ['kpi.store_day'], { path: 'models/kpi/deep/month.sql' }),
  node('daily_sales', ['kpi.store_day'], { kind: 'report', path: 'reports/daily_sales/report.yml', tags: ['mail'] }),
  node('store_day_is_whole', ['kpi.store_day'], { kind: 'test', path: 'models/kpi/store_day.test.yml' }),
]);

const answers: Answers = {
  state: { words: ['new', 'modified'], ids: (word) => (word === 'new' ? [] : ['staging.stores']) },
  window: { words: ['missing', 'stale'], ids: () => ['kpi.store_day'] },
};

const short = (id: string) => id.replace('staging.', 's.').replace('kpi.', 'k.');

function chosen(selected: string | string[], exclude: string[] = []): string {
  const found = select(graph, { select: [selected].flat(), exclude }, answers);
  if (!found.ok) throw new Error(found.problems.map(({ message, hint }) => `${message} | ${hint}`).join('\n'));
  return found.nodes.map((one) => short(idOf(one))).join(' ');
}

test.each([
  ['kpi.store_day', 'k.store_day'],
  ['store_day', 'k.store_day'],
  ['+store_day', 'raw.sales_lines raw.stores s.sales_lines s.stores k.store_day'],
  ['1+store_day', 's.sales_lines s.stores k.store_day'],
  ['staging.stores+', 's.stores k.store_day k.stores k.deep.month report:daily_sales test:store_day_is_whole'],
  ['staging.stores+1', 's.stores k.store_day k.stores'],
  ['1+store_day+1', 's.sales_lines s.stores k.store_day k.deep.month report:daily_sales test:store_day_is_whole'],
  ['@kpi.stores', 'raw.stores ref.targets s.stores k.stores'],
  [
    '@staging.sales_lines',
    'raw.sales_lines raw.stores s.sales_lines s.stores k.store_day k.deep.month report:daily_sales test:store_day_is_whole',
  ],
  ['tag:kpi', 'k.store_day k.stores'],
  ['tag:k*', 'k.store_day k.stores'],
  ['tag:kpi,tag:daily', 'k.store_day'],
  ['tag:kpi,staging.stores+', 'k.store_day k.stores'],
  ['path:models/kpi', 'k.store_day k.stores k.deep.month test:store_day_is_whole'],
  ['path:./models/kpi/', 'k.store_day k.stores k.deep.month test:store_day_is_whole'],
  ['path:models/*/stores.sql', 's.stores k.stores'],
  ['path:models/**/month.sql', 'k.deep.month'],
  ['models/kpi/stores.sql', 'k.stores'],
  ['source:raw.sales_lines', 'raw.sales_lines'],
  ['source:raw', 'raw.sales_lines raw.stores'],
  ['source:raw.s*', 'raw.sales_lines raw.stores'],
  ['source:raw.sales_lines+1', 'raw.sales_lines s.sales_lines'],
  ['config.materialized:incremental', 's.sales_lines k.store_day'],
  ['config.tags:daily', 's.sales_lines k.store_day'],
  ['report:daily_sales', 'raw.sales_lines raw.stores s.sales_lines s.stores k.store_day report:daily_sales'],
  ['kpi.*', 'k.store_day k.stores k.deep.month'],
  ['*stores', 's.stores k.stores'],
  ['k?i.store[_s]*', 'k.store_day k.stores'],
  ['state:modified+1', 's.stores k.store_day k.stores'],
  ['state:new', ''],
  ['window:missing,tag:kpi', 'k.store_day'],
  ['tag:daily ref.targets', 'ref.targets s.sales_lines k.store_day'],
])('%s', (word, expected) => {
  expect(chosen(word).split(' ').sort()).toEqual(expected.split(' ').sort());
});

test('several words are a union, and what is excluded goes out, with its own plus signs', () => {
  expect(chosen(['tag:daily', 'ref.targets'])).toBe(chosen('tag:daily ref.targets'));
  expect(chosen('+store_day', ['source:raw staging.stores'])).toBe('s.sales_lines k.store_day');
  expect(chosen([])).toBe(graph.nodes.map((one) => short(idOf(one))).join(' '));
  expect(chosen([], ['ref.targets+', 'staging.sales_lines+'])).toBe('raw.sales_lines raw.stores s.stores');
});

test.each([
  ['stor_day', '"stor_day" selects nothing | Did you mean "store_day"?'],
  ['kpi.stor_day+', '"kpi.stor_day+" selects nothing | Did you mean "kpi.store_day"?'],
  ['stores', '"stores" may be any of staging.stores, kpi.stores | Write the full name.'],
  ['raw.stores', '"raw.stores" selects nothing | Write source:raw.stores.'],
  ['daily_sales', '"daily_sales" selects nothing | Write report:daily_sales.'],
  ['kpi', '"kpi" selects nothing | Write kpi.*.'],
  ['mail', '"mail" selects nothing | Write tag:mail.'],
  ['tag:dayly', '"tag:dayly" selects nothing | Did you mean "daily"?'],
  ['path:models/kip', '"path:models/kip" selects nothing | Did you mean "models/kpi"?'],
  ['source:raw.store', '"source:raw.store" selects nothing | Did you mean "raw.stores"?'],
  ['report:daily_sale', '"report:daily_sale" selects nothing | Did you mean "daily_sales"?'],
  [
    'config.materialised:view',
    '"config.materialised:view": there is no config.materialised | Did you mean "materialized"?',
  ],
  ['config:view', '"config:view" is no selection | Write config.materialized:view.'],
  ['config.materialized:veiw', '"config.materialized:veiw" selects nothing | Did you mean "view"?'],
  ['tags:daily', '"tags" in "tags:daily" is no method of selection | Did you mean "tag"?'],
  ['tag.x:daily', '"tag.x:daily" is no selection | Write tag:daily.'],
  ['state:modifed', '"state:modifed": there is no state:modifed | Did you mean "modified"?'],
  ['result:failed', '"result:failed" cannot be asked here | Nothing is known of result: here.'],
  [
    'tag:kpi,,tag:daily',
    'nothing stands between the commas of "tag:kpi,,tag:daily" | A comma joins two words: tag:a,tag:b.',
  ],
  ['@store_day+', '"@store_day+" has both @ and + | @ takes all readers, and all they need, along by itself.'],
  ['tag:', '"tag:" names nothing | Write a name, method:value or *.'],
  [' ', 'this selection is empty | Leave it out to select everything.'],
  ['+', '"+" names nothing | Write a name, method:value or *.'],
])('%s is told with the right word', (word, told) => {
  expect(() => chosen(word)).toThrow(told);
  expect(() => chosen([], [word])).toThrow(told);
});

test('all wrong words are told at once, with the option or the place where they stand', () => {
  const place = { file: 'dags/daily.yml', line: 2, column: 9 };
  const told = (request: Parameters<typeof select>[1]) => {
    const found = select(graph, request);
    return found.ok ? [] : found.problems.map(({ file, line, code }) => [file, line, code]);
  };
  expect(told({ select: ['nope'], exclude: ['tag:nope'] })).toEqual([
    ['--select', undefined, 'selects-nothing'],
    ['--exclude', undefined, 'selects-nothing'],
  ]);
  expect(told({ select: ['nope tagg:x'], place })).toEqual([
    ['dags/daily.yml', 2, 'selection'],
    ['dags/daily.yml', 2, 'selects-nothing'],
  ]);
});

test('what must be asked of other rooms is known before', () => {
  expect(asked({ select: ['state:modified+,tag:x'], exclude: ['result:failed'] })).toEqual(['state', 'result']);
  expect(asked({})).toEqual([]);
});

test('five thousand models are selected from at once', () => {
  const many = Array.from({ length: 5_000 }, (_, at) =>
    node(`s.m${at}`, at > 2 ? [`s.m${at - 1}`, `s.m${at - 3}`] : [], { tags: [`t${at % 50}`] }),
  );
  const big = buildGraph(many).graph;
  const began = process.cpuUsage();
  for (const word of ['+m4999', 'tag:t7+', '@m10', 'path:models/s', 'm*,tag:t3', 'nearly'])
    select(big, { select: [word], exclude: ['tag:t1'] });
  expect(process.cpuUsage(began).user / 1_000_000).toBeLessThan(2);
});
