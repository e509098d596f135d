import type { Target } from './config.ts';

/** Whether two targets are one database, whoever logs in to it. */
export function sameWarehouse(a: Target, b: Target): boolean {
  return placeOf(a) === placeOf(b);
}

function placeOf(target: Target): string {
  if (target.type === 'embedded') return `embedded ${target.database}`;
  const { hostname, port, pathname } = new URL(target.url);
  return `${hostname.toLowerCase()}:${port || '5432'}${pathname}`;
}
