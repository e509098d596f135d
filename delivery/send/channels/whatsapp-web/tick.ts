import type { Tick } from './eras.ts';
import type { PageContract } from './page-contract.ts';

/** What a bubble shows beside its time. */
export interface TickSigns {
  /** The labels of its icons, as the page says them. */
  readonly labels: readonly string[];
  readonly icons: readonly { readonly name: string; readonly color: string }[];
}

/**
 * How a message is: by its label first, then by icon and colour. Undefined for what is not known, and that never counts
 * as sent.
 */
export function tickOf({ labels, icons }: TickSigns, { words, icons: known }: PageContract): Tick | undefined {
  for (const label of labels) {
    const tick = own(words.ticks, label.trim());
    if (tick) return tick;
  }
  for (const { name, color } of icons) {
    const tick = own(known, name);
    if (tick) return typeof tick === 'string' ? tick : tick[isBlue(color) ? 'blue' : 'grey'];
  }
  return undefined;
}

/** Whether the server of the other side or ours has it for certain. */
export function hasTick(tick: Tick | undefined): boolean {
  return tick === 'sent' || tick === 'delivered' || tick === 'read';
}

function isBlue(color: string): boolean {
  const [red = 0, , blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return blue > red + 40;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
