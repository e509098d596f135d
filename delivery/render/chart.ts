import { type Chart, type Document, letterheadOf } from '../compose/document.ts';
import { colours } from './colours.ts';
import { fewestRuns } from './fonts.ts';
import { labelWidth } from './label-width.ts';

/** How large a chart is drawn, and its type, in the units of the page it goes onto. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly type: number;
}

/** The charts of a document as SVG, by name, each made of shapes and text alone. */
export type DrawnCharts = ReadonlyMap<string, string>;

/** Draws all charts of a document. The library is loaded at the first. */
export async function drawCharts(document: Document, size: ChartSize): Promise<DrawnCharts> {
  const charts = document.blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
  if (charts.length === 0 || letterheadOf(document)) return new Map();
  const { init } = await import('./echarts.ts');
  return new Map(
    charts.map((chart) => {
      const drawing = init(null, null, {
        renderer: 'svg',
        ssr: true,
        width: size.width,
        height: heightOf(chart, size),
      });
      try {
        drawing.setOption(optionOf(spaced(withRoom(chart, size), size), size));
        return [chart.name, plain(drawing.renderToSVGString())];
      } finally {
        drawing.dispose();
      }
    }),
  );
}

/** On A4 paper in points, and on a page in CSS pixels. */
export const paperChart: ChartSize = { width: 515.28, height: 130, type: 8.5 };
export const screenChart: ChartSize = { width: 720, height: 200, type: 13 };

/** The words a chart shows besides its title when it is drawn at a size: the axis's marks, and figures beside their points. */
export const chartFigures = (chart: Chart, size: ChartSize): readonly string[] => [
  ...chart.scale.map(({ label }) => label),
  ...withRoom(chart, size).points.flatMap(({ figure }) => (figure === undefined ? [] : [figure])),
];

/** Figures that would run into one another are left out, but for the last and the largest. */
function withRoom(chart: Chart, { width, type }: ChartSize): Chart {
  const { points, across } = chart;
  const widest = Math.max(0, ...points.map(({ figure }) => figure?.length ?? 0)) * type * 0.62;
  const named = points.filter(({ figure }) => figure !== undefined).length;
  if (across === 'names' || named <= 2 || widest < width / points.length) return chart;
  const values = points.map(({ value }) => (value === null ? -Infinity : Number(value)));
  const kept = new Set([points.length - 1, values.indexOf(Math.max(...values))]);
  const bare = points.map(({ figure, ...point }, at) => (figure && kept.has(at) ? { ...point, figure } : point));
  return { ...chart, points: bare };
}

/** Of labels on the axis of time that would run into one another the later one stays: the last is the news. */
function spaced(chart: Chart, size: ChartSize): Chart {
  if (chart.across !== 'time') return chart;
  const { left, right } = roomOf(chart, size);
  const step = (size.width - left - right) / chart.points.length;
  let free = Number.POSITIVE_INFINITY;
  const points = chart.points.toReversed().map((point, fromLast) => {
    const half = (labelWidth(point.label) * size.type) / 2;
    const middle = -fromLast * step;
    if (!point.ticked || middle + half > free) return { ...point, ticked: false };
    free = middle - half - size.type * 0.5;
    return point;
  });
  return { ...chart, points: points.toReversed() };
}

/** Leaves out what is for screens that follow a mouse. */
function plain(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_\w+|baseProfile|xmlns|xmlns:xlink|xml:space)="[^"]*"/g, '')
    .replace(/<rect[^>]*fill="none"[^>]*><\/rect>/g, '')
    .replace(/><\/(?:rect|path|polygon|circle)>/g, '/>')
    .replace(/\n+/g, '');
}

/** Names below one another need a line each; time needs no more than the page gives. */
const heightOf = ({ across, points }: Chart, { height, type }: ChartSize) =>
  across === 'time' ? height : points.length * type * 2;

function optionOf(chart: Chart, size: ChartSize) {
  const { across, points } = chart;
  const { type } = size;
  const names = {
    type: 'category',
    data: points.map((_, at) => String(at)),
    inverse: across === 'names',
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.ink, width: 0.7 }, onZero: true },
    axisLabel: {
      margin: type * 0.7,
      interval: (at: number) => points[at]?.ticked ?? false,
      hideOverlap: false,
      rich: richFonts(type, colours.quiet),
      formatter: (_: string, at: number) => rich(points[at]?.label ?? ''),
    },
  } as const;
  // Bars are read by their length: they begin at zero. A line is read by its slope.
  const amounts =
    chart.scale.length === 0
      ? ({ type: 'value', show: false, scale: chart.kind === 'line' } as const)
      : scaled(chart.scale, type);
  const beside = { left: Math.round(size.width * 0.38), right: type * 6, top: 0, bottom: 0 };
  return {
    animation: false,
    grid: across === 'time' ? roomOf(chart, size) : beside,
    xAxis: across === 'time' ? names : amounts,
    yAxis: across === 'time' ? amounts : names,
    series: [seriesOf(chart, size)],
  };
}

/** Around the bars or the line of a stretch of time: the axis's marks, and the figures that stand beside and above. */
function roomOf(chart: Chart, { type }: ChartSize) {
  const widest = Math.max(0, ...chart.scale.map(({ label }) => label.length)) * type * 0.6;
  return { left: type + widest, right: type * 2 + besideLast(chart, type), top: type * 2, bottom: type * 2.2 };
}

/** The room of a figure that stands beside the last bar; above it, taller bars before it would cross it. */
function besideLast({ scale, points, kind }: Chart, type: number): number {
  return scale.length === 0 || kind === 'line' ? 0 : (points.at(-1)?.figure?.length ?? 0) * type * 0.58;
}

/** An axis with round marks, and hairlines to follow them by. */
function scaled(scale: Chart['scale'], type: number) {
  const labels = new Map(scale.map(({ value, label }) => [Number(value), label]));
  const [first = 0, second = 1] = labels.keys();
  return {
    type: 'value',
    min: first,
    max: Math.max(...labels.keys()),
    interval: second - first,
    axisLabel: {
      margin: type * 0.6,
      rich: richFonts(type, colours.quiet),
      formatter: (value: number) => rich(labels.get(value) ?? ''),
    },
    splitLine: { lineStyle: { color: colours.panel, width: 0.7 } },
  } as const;
}

/** The figure of a bar at the left keeps off the axis. */
const leftmost = { align: 'left' } as const;

function seriesOf(chart: Chart, { type }: ChartSize) {
  const { kind, across, points, band } = chart;
  const beside = besideLast(chart, type) > 0;
  const last = points.length - 1;
  // Of a stretch of time the last is the news; of names the first.
  const marked = across === 'time' ? last : 0;
  const label = (at: number) => {
    const figure = points[at]?.figure;
    if (figure === undefined) return { show: false };
    const place = beside && at === last ? { position: 'right' } : beside && at <= points.length / 10 ? leftmost : {};
    return { show: true, ...place, ...runLabel(figure, type, colours.ink) };
  };
  return {
    type: kind,
    data: points.map(({ value }, at) => ({
      value: value === null ? null : Number(value),
      itemStyle: { color: at === marked || kind === 'line' ? colours.up : '#9CA3AF' },
      label: label(at),
    })),
    barCategoryGap: '28%',
    lineStyle: { color: colours.up, width: 1.2 },
    symbol: 'circle',
    symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (points[dataIndex]?.figure ? type * 0.5 : 0),
    connectNulls: false,
    label: { position: across === 'time' ? 'top' : 'right', distance: type * 0.4 },
    ...(band ? { markArea: areaOf(band, last) } : {}),
  };
}

/** The grey ground behind the last points: from the least to the most of those before the last. */
function areaOf({ from, low, high }: NonNullable<Chart['band']>, last: number) {
  return {
    silent: true,
    z: -1,
    itemStyle: { color: colours.panel },
    data: [
      [
        { xAxis: String(from), yAxis: Number(low) },
        { xAxis: String(last), yAxis: Number(high) },
      ],
    ],
  };
}

const keys = { 'Noto Sans': 'l', 'Noto Sans Devanagari': 'd', 'Noto Sans Gujarati': 'g' } as const;

/** Words in the fonts of their scripts, as the library writes rich text, each in one piece where it can be; braces would end a run and become parentheses. */
const rich = (text: string) =>
  fewestRuns(text.replaceAll('{', '(').replaceAll('}', ')').replaceAll('|', '/'))
    .map((run) => `{${keys[run.family]}|${run.text}}`)
    .join('');

const richFonts = (fontSize: number, color: string) =>
  Object.fromEntries(Object.entries(keys).map(([fontFamily, key]) => [key, { fontFamily, fontSize, color }]));

const runLabel = (text: string, type: number, color: string) => ({
  formatter: rich(text),
  rich: richFonts(type, color),
});
