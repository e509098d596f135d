import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph, type GraphNode, idOf } from './graph.ts';

const model = (name: string, ...reads: string[]): GraphNode => ({
  name,
  kind: 'model',
  path: `models/${name.replace('.', '/')}.sql`,
  tags: [],
  reads,
});

test('nodes come after what they read, deeper ones later, equals by name, whatever the order they were given in', () => {
  const nodes = [
    model('s.c', 's.a'),
    model('s.d', 's.c', 's.b'),
    model('s.b'),
    model('s.a'),
    model('s.e', 's.a', 's.a'),
  ];
  const order = (given: GraphNode[]) => buildGraph(given).graph.nodes.map((node) => node.name);
  expect(order(nodes)).toEqual(['s.a', 's.b', 's.c', 's.e', 's.d']);
  expect(order(nodes.toReversed())).toEqual(order(nodes));
});

test('up and down the stream, by depth', () => {
  const { graph } = buildGraph([model('a'), model('b', 'a'), model('c', 'b'), model('d', 'c', 'a')]);
  expect([...graph.upstream(['d'])].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect([...graph.upstream(['d'], 1)].sort()).toEqual(['a', 'c', 'd']);
  expect([...graph.downstream(['b'], 1)]).toEqual(['b', 'c']);
  expect([...graph.downstream(['b', 'd'])].sort()).toEqual(['b', 'c', 'd']);
  expect([...graph.downstream(['a'], 0)]).toEqual(['a']);
});

test('reports, dags and tests may share a name with each other; tables may not', () => {
  const daily = { name: 'daily', path: 'x.yml', tags: [], reads: ['kpi.sales'] };
  const { graph, problems } = buildGraph([
    model('kpi.sales'),
    { ...daily, kind: 'report' },
    { ...daily, kind: 'dag' },
    { ...model('kpi.sales'), kind: 'seed', path: 'models/seeds/kpi.sales.csv' },
  ]);
  expect([...graph.downstream(['kpi.sales'])]).toEqual(['kpi.sales', 'report:daily', 'dag:daily']);
  expect(problems).toEqual([
    {
      file: 'models/seeds/kpi.sales.csv',
      severity: 'error',
      code: 'defined-twice',
      message: 'seed kpi.sales is already defined as a model',
      hint: 'The other one is in models/kpi/sales.sql.',
    },
  ]);
});

test('tables that nobody defines are told to the caller', () => {
  const { graph, problems } = buildGraph([model('s.a', 'raw.x', 's.b'), model('s.b', 'raw.x')]);
  expect(graph.unknown.map(({ node, table }) => `${node.name} ${table}`)).toEqual(['s.a raw.x', 's.b raw.x']);
  expect(problems).toEqual([]);
});

test('a circle is told whole, with the file of each step, and once', () => {
  const { graph, problems } = buildGraph([
    model('s.b', 's.c', 's.x'),
    model('s.c', 's.a'),
    model('s.a', 's.b'),
    model('s.x', 's.y', 's.a'),
    model('s.y'),
    model('t.self', 't.self'),
    model('z', 't.self'),
  ]);
  expect(problems.map(({ file, code, message }) => [file, code, message])).toEqual([
    [
      'models/s/a.sql',
      'circle',
      'models read each other in a circle: s.a (models/s/a.sql) -> s.b (models/s/b.sql) -> s.c (models/s/c.sql) -> s.a (models/s/a.sql)',
    ],
    ['models/t/self.sql', 'circle', 't.self reads itself'],
  ]);
  expect(graph.nodes.map((node) => node.name)).toEqual(['s.y', 's.a', 's.b', 's.c', 's.x', 't.self', 'z']);
});

const anyGraph = fc
  .array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((reads) => reads.map((from, at) => model(`m${at}`, ...from.map((one) => `m${one % reads.length}`))));

test('of any graph: order where there is no circle, and a circle found exactly where there is one', () => {
  fc.assert(
    fc.property(anyGraph, (nodes) => {
      const { graph, problems } = buildGraph(nodes);
      const reads = new Map(nodes.map((node) => [node.name, node.reads]));
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
        (reads.get(from) ?? []).some((one) => one === to || (!seen.has(one) && reaches(one, to, seen.add(one))));
      const circular = nodes.filter((node) => reaches(node.name, node.name)).map((node) => node.name);
      expect(problems.length > 0).toBe(circular.length > 0);
      for (const { message } of problems) {
        const steps = message.match(/m\d+(?= \(| reads)/g) ?? [];
        const ring = steps.length === 1 ? [...steps, ...steps] : steps;
        for (const [at, one] of ring.slice(1).entries()) expect(reads.get(ring[at] ?? '')).toContain(one);
      }
      const place = new Map(graph.nodes.map((node, at) => [idOf(node), at]));
      expect(place.size).toBe(nodes.length);
      for (const { name, reads } of nodes)
        for (const one of circular.length > 0 ? [] : reads) expect(place.get(one)).toBeLessThan(place.get(name) ?? -1);
    }),
    { numRuns: 150 },
  );
});

test('five thousand models, and a chain of twenty thousand, take no time', () => {
  const wide = Array.from({ length: 5_000 }, (_, at) =>
    model(`s.m${at}`, ...[1, 7, 113].filter((back) => back <= at).map((back) => `s.m${at - back}`)),
  );
  const chain = Array.from({ length: 20_000 }, (_, at) => model(`c${at}`, `c${(at + 1) % 20_000}`));
  // The processor's time, not the clock's: other work on the machine must not fail it.
  const began = process.cpuUsage();
  expect(buildGraph(wide).problems).toEqual([]);
  expect(buildGraph(chain).problems.length).toBe(1);
  expect(process.cpuUsage(began).user / 1_000_000).toBeLessThan(5);
});
