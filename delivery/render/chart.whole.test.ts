import { expect, test } from 'vitest';
import { madeUpDocument } from '../compose/made-up.ts';
import { chartFigures, drawCharts } from './chart.ts';
import { openHtml } from './html.ts';
import { elementsOf, readMarkup, wordsIn } from './markup-read.ts';

const size = { width: 500, height: 130, type: 9 };

test('a chart is shapes and text, with a bar for each point that is known and its figures', async () => {
  const document = await madeUpDocument();
  const [block] = document.blocks.filter(({ kind }) => kind === 'chart');
  if (block?.kind !== 'chart') throw new Error('the sample has no chart');
  const svg = (await drawCharts(document, size)).get(block.chart.name) ?? '';
  expect(svg).not.toMatch(/<style|<image|href|script/);
  const drawing = readMarkup(svg);
  const bars = elementsOf(
    drawing,
    ({ tag, attributes }) => tag === 'path' && /^#(9CA3AF|1F5FA8)$/i.test(attributes['fill'] ?? ''),
  );
  expect(bars).toHaveLength(block.chart.points.filter(({ value }) => value !== null).length);
  const words = elementsOf(drawing, ({ tag }) => tag === 'text').map(wordsIn);
  expect(words).toEqual(expect.arrayContaining([...chartFigures(block.chart, size)]));
});

test('names in any script and with signs of the library come out as they are', async () => {
  const document = await madeUpDocument();
  const labels = ['हिन्दी दुकान', 'ગુજરાતી', "O'BRIEN & SONS <Ames>"];
  const points = labels.map((label, at) => ({
    at: label,
    label,
    value: String(at + 1),
    ticked: true,
    figure: String(at + 1),
  }));
  const rule = { kind: 'number', decimals: 0, workbookDecimals: 0, signed: false } as const;
  const axes = { x: { title: 'Store', kind: 'text' }, y: { title: 'Sales', rule }, scale: [] } as const;
  const named = { name: 'c', kind: 'bar', across: 'names', title: 'T', ...axes } as const;
  const blocks = [{ kind: 'chart', chart: { ...named, points } }] as const;
  const words = wordsIn(readMarkup((await drawCharts({ ...document, blocks }, size)).get('c') ?? ''));
  for (const label of labels) expect(words.replaceAll(' ', '')).toContain(label.replaceAll(' ', ''));
});

test('labels of an axis in time stay apart, and the last is there, in scripts wider and narrower', async () => {
  const document = await madeUpDocument();
  const rule = { kind: 'number', decimals: 0, workbookDecimals: 0, signed: false } as const;
  const labelled = async (labels: readonly string[], width: number) => {
    const points = labels.map((label, at) => ({ at: label, label, value: String(at + 1), ticked: at % 7 === 6 }));
    const axes = { x: { title: 'Day', kind: 'date' }, y: { title: 'Sales', rule }, scale: [] } as const;
    const chart = { name: 'c', kind: 'bar', across: 'time', title: 'T', ...axes, points } as const;
    const svg =
      (await drawCharts({ ...document, blocks: [{ kind: 'chart', chart }] }, { ...size, width })).get('c') ?? '';
    return labels.filter((label) => wordsIn(readMarkup(svg)).includes(label)).map((label) => labels.indexOf(label) + 1);
  };
  const days = (month: string) => Array.from({ length: 28 }, (_, at) => `[${at + 1}] ${month}`);
  expect(await labelled(days('Feb'), 500)).toEqual([7, 14, 21, 28]);
  expect(await labelled(days('फेब्रुवारी'), 500)).toEqual([7, 14, 21, 28]);
  expect(await labelled(days('ફેબ્રુઆરી'), 200)).toEqual([14, 28]);
});

test('a page whose chart shows another figure is noticed', async () => {
  const document = await madeUpDocument();
  const signal = new AbortController().signal;
  const changed = document.blocks.map((block) =>
    block.kind === 'chart'
      ? {
          ...block,
          chart: {
            ...block.chart,
            points: block.chart.points.map((point) => ({ ...point, ...(point.figure ? { figure: '77' } : {}) })),
          },
        }
      : block,
  );
  const rendered = await openHtml().render({ ...document, blocks: changed }, { signal });
  if (rendered.kind !== 'rendered') throw new Error('no page');
  expect(await openHtml().verify(rendered.file, document)).toMatchObject({
    kind: 'wrong',
    problems: [{ code: 'wrong-chart' }],
  });
});
