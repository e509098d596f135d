/** A number of things in words: `1 row`, `1,234 rows`. The plural takes an s. */
export function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
