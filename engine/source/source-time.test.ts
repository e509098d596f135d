import { expect, test } from 'vitest';
import type { Source } from '../project/source.ts';
import { showDay } from '../time/zone.ts';
import { sourceTime } from './source-time.ts';

const calendar = { timezone: 'Asia/Kolkata', weekStarts: 0 };
const timeOf = (type: string, timezone?: string) =>
  sourceTime({ timeColumn: 'at', timezone, columns: { at: { type } } } as unknown as Source, calendar);
const day = (type: string, text: string, timezone?: string) => {
  const found = timeOf(type, timezone).dayOf(text);
  return found === undefined ? undefined : showDay(found);
};

test('a value belongs to the business day that its column means', () => {
  expect(day('date', '2021-09-01')).toBe('2021-09-01');
  expect(day('timestamp', '2021-09-01 23:59:59')).toBe('2021-09-01');
  expect(day('timestamp', '2021-09-01 18:29:59', 'UTC')).toBe('2021-09-01');
  expect(day('timestamp', '2021-09-01T18:30:00', 'UTC')).toBe('2021-09-02');
  expect(day('timestamptz', '2021-09-01T18:30:00Z')).toBe('2021-09-02');
  expect(day('timestamptz', '2021-09-01 18:29:59.123+00')).toBe('2021-09-01');
  expect(day('timestamptz', '2021-09-02 01:00:00+05:30')).toBe('2021-09-02');
  expect(day('date', '2021-13-01')).toBeUndefined();
  expect(day('timestamptz', 'soon')).toBeUndefined();
});

test('an edge is a literal in the type and on the clock of the column', () => {
  const midnight = Date.UTC(2021, 8, 1, 18, 30);
  expect(timeOf('date').edge(midnight)).toBe("date '2021-09-02'");
  expect(timeOf('timestamp').edge(midnight)).toBe("timestamp '2021-09-02 00:00:00'");
  expect(timeOf('timestamp', 'UTC').edge(midnight)).toBe("timestamp '2021-09-01 18:30:00'");
  expect(timeOf('timestamptz').edge(midnight)).toBe("timestamptz '2021-09-01 18:30:00+00'");
});
