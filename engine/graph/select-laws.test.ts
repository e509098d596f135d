import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph, type GraphNode } from './graph.ts';
import { select } from './select.ts';

/** A project by numbers: node n reads some of the nodes below n. */
type Shape = readonly {
  readonly reads: readonly number[];
  readonly tags: readonly string[];
  readonly folder: string;
}[];

interface Word {
  readonly sign: string;
  readonly core: string;
  readonly down: string;
}

const anyShape: fc.Arbitrary<Shape> = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(9), { maxLength: 3 }),
      tags: fc.subarray(['a', 'b']),
      folder: fc.constantFrom('s', 't'),
    }),
    { minLength: 4, maxLength: 10 },
  )
  .map((shape) => shape.map((node, at) => ({ ...node, reads: node.reads.filter((one) => one < at) })));

const anyWord: fc.Arbitrary<Word> = fc.oneof(
  fc.record({
    sign: fc.constantFrom('', '+', '1+', '2+'),
    core: fc.constantFrom('n0', 'n1', 's.n3', 'n*', 'tag:a', 'tag:b', 'path:models/s'),
    down: fc.constantFrom('', '+', '+1', '+2'),
  }),
  fc.record({ sign: fc.constant('@'), core: fc.constantFrom('n1', 'tag:a'), down: fc.constant('') }),
);

const write = ({ sign, core, down }: Word) => `${sign}${core}${down}`;

/** What a word selects, by plain recursion and without a graph; undefined where it names nothing. */
function byHand(shape: Shape, { sign, core, down }: Word): number[] | undefined {
  const all = [...shape.keys()];
  const up = (at: number) => [...(shape[at]?.reads ?? [])];
  const readers = (at: number) => all.filter((one) => up(one).includes(at));
  const far = (edges: (at: number) => number[], from: readonly number[], steps: number): number[] =>
    steps === 0 ? [...from] : from.flatMap((one) => [one, ...far(edges, edges(one), steps - 1)]);
  const steps = (written: string) => (written === '+' ? shape.length : Number(written.replace('+', '')));
  const named = all.filter((at) => {
    if (core === 'n*') return true;
    if (core.startsWith('tag:')) return shape[at]?.tags.includes(core.slice(4));
    if (core.startsWith('path:')) return shape[at]?.folder === 's';
    return core.replace('s.', '') === `n${at}`;
  });
  if (named.length === 0) return undefined;
  if (sign === '@') return far(up, far(readers, named, shape.length), shape.length);
  return [...far(up, named, steps(sign)), ...far(readers, named, steps(down))];
}

function project(shape: Shape): GraphNode[] {
  return shape.map(({ reads, tags, folder }, at) => ({
    name: `s.n${at}`,
    kind: 'model',
    path: `models/${folder}/n${at}.sql`,
    tags,
    reads: reads.map((one) => `s.n${one}`),
  }));
}

const sorted = (numbers: Iterable<number> | undefined) => numbers && [...new Set(numbers)].sort((a, b) => a - b);

test('on any graph a word selects what is found by hand, and selections obey the laws of sets', () => {
  fc.assert(
    fc.property(anyShape, anyWord, anyWord, (shape, first, second) => {
      const { graph } = buildGraph(project(shape));
      const run = (selected: string[], exclude: string[] = []) => {
        const found = select(graph, { select: selected, exclude });
        return found.ok ? sorted(found.nodes.map(({ name }) => Number(name.slice(3)))) : undefined;
      };
      const [a, b] = [write(first), write(second)];
      const [inA, inB] = [sorted(byHand(shape, first)), sorted(byHand(shape, second))];
      expect([run([a]), run([b])]).toEqual([inA, inB]);
      if (inA === undefined || inB === undefined) {
        expect([run([a, b]), run([`${a},${b}`]), run([a], [b])]).toEqual([undefined, undefined, undefined]);
        return;
      }
      const union = sorted([...inA, ...inB]);
      expect([run([a, b]), run([b, a]), run([`${a} ${b}`])]).toEqual([union, union, union]);
      const both = inA.filter((one) => inB.includes(one));
      expect([run([`${a},${b}`]), run([`${b},${a}`])]).toEqual([both, both]);
      expect(run([a], [b])).toEqual(inA.filter((one) => !inB.includes(one)));
      expect(run([], [a])).toEqual([...shape.keys()].filter((one) => !inA.includes(one)));
      expect([run([`${a},${a}`]), run([a, a])]).toEqual([inA, inA]);
    }),
    { numRuns: 200 },
  );
});
