import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utcText, valueParsers } from './values.ts';

test.each([
  ['2021-12-21 08:00:00+05:30', '2021-12-21T02:30:00Z'],
  ['2021-12-21 08:00:00.5+00', '2021-12-21T08:00:00.500000Z'],
  ['2021-12-21 08:00:00.123456-08', '2021-12-21T16:00:00.123456Z'],
  ['2022-01-01 00:15:00+05:45', '2021-12-31T18:30:00Z'],
  ['1890-01-01 00:00:00+05:53:28', '1889-12-31T18:06:32Z'],
  ['0050-01-01 00:00:00+01', '0049-12-31T23:00:00Z'],
  ['12021-01-01 00:00:00+00', '12021-01-01T00:00:00Z'],
  ['infinity', 'infinity'],
  ['0044-03-15 00:00:00+00 BC', '0044-03-15 00:00:00+00 BC'],
])('timestamptz %s is %s', (text, iso) => {
  expect(utcText(text)).toBe(iso);
});

test('an instant reads the same from every zone', () => {
  const instant = fc.date({
    min: new Date('1000-01-01T00:00:00Z'),
    max: new Date('9000-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, fc.integer({ min: -840, max: 840 }), (at, minutesEast) => {
      const local = new Date(at.getTime() + minutesEast * 60_000).toISOString();
      const offset = Math.abs(minutesEast);
      const two = (number: number) => String(number).padStart(2, '0');
      const zone = `${minutesEast < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
      expect(new Date(utcText(`${local.slice(0, 10)} ${local.slice(11, -1)}${zone}`))).toEqual(at);
    }),
  );
});

test('arrays keep exact text, nulls and shape', () => {
  expect(valueParsers.get(1231)?.('{{1.10,NULL},{9007199254740993,-0.5}}')).toEqual([
    ['1.10', null],
    ['9007199254740993', '-0.5'],
  ]);
});
