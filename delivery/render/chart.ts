import { type Chart, type Document, letterheadOf } from '../compose/document.ts';
import { colours } from './colours.ts';
import { runsOf } from './fonts.ts';

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
      const drawing = init(null, null, { renderer: 'svg', ssr: true, width: size.width, height: size.height });
      try {
        drawing.setOption(optionOf(chart, size));
        return [chart.name, plain(drawing.renderToSVGString())];
      } finally {
        drawing.dispose();
      }
    }),
  );
}

/** The words a chart shows besides its title: figures beside their points. */
export const chartFigures = ({ points }: Chart): readonly string[] =>
  points.flatMap(({ figure }) => (figure === undefined ? [] : [figure]));

/** Leaves out what is for screens that follow a mouse. */
function plain(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_\w+|baseProfile|xmlns|xmlns:xlink|xml:space)="[^"]*"/g, '')
    .replace(/<rect[^>]*fill="none"[^>]*><\/rect>/g, '')
    .replace(/><\/(?:rect|path|polygon|circle)>/g, '/>')
    .replace(/\n+/g, '');
}

function optionOf({ kind, points, band }: Chart, { type }: ChartSize) {
  const last = points.length - 1;
  const text = { fontSize: type, fontFamily: 'Noto Sans', color: colours.ink };
  const label = (at: number) => {
    const figure = points[at]?.figure;
    return figure === undefined ? { show: false } : { show: true, ...runLabel(figure, type, colours.ink) };
  };
  return {
    animation: false,
    grid: { left: type, right: type * 2, top: type * 2, bottom: type * 2 },
    xAxis: {
      type: 'category',
      data: points.map((_, at) => String(at)),
      boundaryGap: true,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.ink, width: 0.7 }, onZero: true },
      axisLabel: {
        interval: (at: number) => points[at]?.ticked ?? false,
        hideOverlap: false,
        ...text,
        color: colours.quiet,
        rich: richFonts(type, colours.quiet),
        formatter: (_: string, at: number) => rich(points[at]?.label ?? ''),
      },
    },
    // Bars are read by their length: they begin at zero. A line is read by its slope.
    yAxis: { type: 'value', show: false, scale: kind === 'line' },
    series: [
      {
        type: kind,
        data: points.map(({ value }, at) => ({
          value: value === null ? null : Number(value),
          itemStyle: { color: at === last || kind === 'line' ? colours.up : '#9CA3AF' },
          label: label(at),
        })),
        barCategoryGap: '28%',
        lineStyle: { color: colours.up, width: 1.2 },
        symbol: 'circle',
        symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (points[dataIndex]?.figure ? type * 0.5 : 0),
        connectNulls: false,
        label: { position: 'top', distance: type * 0.4 },
        ...(band ? { markArea: areaOf(band, last) } : {}),
      },
    ],
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

/** Words in the fonts of their scripts, as the library writes rich text; braces would end a run and become parentheses. */
const rich = (text: string) =>
  runsOf(text.replaceAll('{', '(').replaceAll('}', ')').replaceAll('|', '/'))
    .map((run) => `{${keys[run.family]}|${run.text}}`)
    .join('');

const richFonts = (fontSize: number, color: string) =>
  Object.fromEntries(Object.entries(keys).map(([fontFamily, key]) => [key, { fontFamily, fontSize, color }]));

const runLabel = (text: string, type: number, color: string) => ({
  formatter: rich(text),
  rich: richFonts(type, color),
});
