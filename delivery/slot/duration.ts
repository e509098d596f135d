const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `15m`, `20h` or `3d`, as the schema of report.yml lets them through. */
export function millisecondsOf(duration: string): number {
  const unit = duration.at(-1) as keyof typeof units;
  return Number(duration.slice(0, -1)) * units[unit];
}
