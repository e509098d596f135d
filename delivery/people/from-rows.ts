import { Fault } from '#engine';
import { type Recipient, recipientId, recipientSchema } from './recipient.ts';

const known = new Set(['id', ...Object.keys(recipientSchema.shape)]);

/**
 * The people that a query names, one a row, from its columns id, name, email, phone, whatsapp, locale, timezone, quiet_hours
 * and formats; other columns are left alone, empty cells count as not known. Throws `Fault` failed, which names the row but nobody's address.
 */
export function recipientsFromRows(rows: readonly Readonly<Record<string, unknown>>[], query: string): Recipient[] {
  const people = new Map<string, Recipient>();
  for (const [index, row] of rows.entries()) {
    const cells = Object.entries(row).filter(([name, cell]) => known.has(name) && cell !== null && cell !== '');
    const { id, ...rest } = Object.fromEntries(cells.map(([name, cell]) => [name, String(cell)]));
    const checkedId = recipientId.safeParse(id);
    const checked = recipientSchema.safeParse(rest);
    if (!checkedId.success || !checked.success) {
      const [issue] = checkedId.error?.issues ?? checked.error?.issues ?? [];
      const column = checkedId.success ? issue?.path.join('.') : 'id';
      throw new Fault('failed', `${query}, row ${index + 1}: ${column} is not ${issue?.message ?? 'valid'}`);
    }
    if (!people.has(checkedId.data)) people.set(checkedId.data, { id: checkedId.data, ...checked.data });
  }
  return [...people.values()];
}
