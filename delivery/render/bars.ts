/** One bar of a small chart, in the chart's own units; y runs downward. */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly last: boolean;
}

/**
 * A line of bars from zero: one a point, nothing where a point is not known, the last one marked. Below zero hangs down.
 * Only a picture: lengths are floats, the figures beside it are exact.
 */
export function barsOf(points: readonly (string | null)[], width: number, height: number): readonly Bar[] {
  const values = points.map((point) => (point === null ? null : Number(point)));
  const known = values.filter((value) => value !== null);
  const [top, bottom] = [Math.max(0, ...known), Math.min(0, ...known)];
  if (top === bottom) return [];
  const step = width / values.length;
  const toY = (value: number) => ((top - value) / (top - bottom)) * height;
  return values.flatMap((value, index): Bar[] => {
    if (value === null) return [];
    const [from, until] = [toY(Math.max(0, value)), toY(Math.min(0, value))];
    return [
      {
        x: tenth(index * step),
        y: tenth(from),
        width: tenth(step * 0.72),
        height: tenth(Math.max(until - from, 0.5)),
        last: index === values.length - 1,
      },
    ];
  });
}

const tenth = (length: number) => Math.round(length * 10) / 10;
