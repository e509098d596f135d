import fc from 'fast-check';
import { expect, test } from 'vitest';
import { merge } from '../time/range.ts';
import { overlay } from './overlay.ts';
import type { Build } from './record.ts';
import { supersededBuilds } from './superseded.ts';

const drawn = fc.record({
  range: fc.option(fc.record({ from: fc.nat(20), length: fc.integer({ min: 1, max: 8 }) }), { nil: undefined }),
  relation: fc.constantFrom(undefined, '1', '2'),
  /** How much later than usual its id is drawn: ids sort by when builds began, sequences by when they were committed. */
  began: fc.nat(3),
});

/** Builds of one model in the order of their commits. */
const history = fc.array(drawn, { maxLength: 25 }).map((all) =>
  all.map(({ range, relation, began }, index): Build => {
    const id = String(index + began).padStart(3, '0');
    return {
      model: 'kpi.daily',
      sequence: index + 1,
      id,
      version: `${index}`,
      sqlHash: 'h',
      inputs: {},
      ...(relation === undefined ? {} : { relation }),
      ...(range ? { range: { from: range.from, until: range.from + range.length } } : {}),
    };
  }),
);

test('without what is superseded, every question has the answer that it had, now and after more builds', () => {
  const property = fc.property(history, fc.nat(25), fc.nat(30), (builds, now, since) => {
    const gone = new Set(supersededBuilds(builds.slice(0, now)));
    const left = builds.filter((build) => !gone.has(build));
    for (const relation of ['1', '2', '3']) {
      const seen = (all: readonly Build[]) =>
        all.filter((build) => build.relation === undefined || build.relation === relation);
      expect(overlay(seen(left))).toEqual(overlay(seen(builds)));
      expect(seen(left).at(-1)).toBe(seen(builds).at(-1));
      const asked = String(since).padStart(3, '0');
      const done = (all: readonly Build[]) =>
        merge(all.flatMap(({ id, range }) => (id > asked && range ? [range] : [])));
      expect(done(seen(left))).toEqual(done(seen(builds)));
    }
    expect(left.at(-1)).toBe(builds.at(-1));
  });
  fc.assert(property, { numRuns: 500 });
});

test('years of nights that look back leave a row a night', () => {
  const nights = 3_650;
  const builds = Array.from({ length: nights }, (_, night): Build => {
    const id = String(night).padStart(6, '0');
    const range = { from: night - 3, until: night + 1 };
    return { model: 'm', sequence: night + 1, id, version: id, sqlHash: 'h', inputs: {}, range };
  });
  const again = Array.from({ length: nights }, (_, night): Build => {
    const id = String(nights + night).padStart(6, '0');
    return {
      model: 'm',
      sequence: nights + night + 1,
      id,
      version: id,
      sqlHash: 'h',
      inputs: {},
      range: { from: -3, until: nights },
    };
  });
  expect(supersededBuilds(builds)).toHaveLength(0);
  expect(supersededBuilds([...builds, ...again])).toHaveLength(2 * nights - 1);
});
