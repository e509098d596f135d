import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { didYouMean, Fault, type Problem, parseYaml } from '#engine';
import { type Recipient, recipientId, recipientSchema } from './recipient.ts';

/** The recipients file: people by id, and lists of their ids by name. */
export const recipientsSchema = z.strictObject({
  recipients: z.record(recipientId, recipientSchema).default({}),
  lists: z.record(z.string(), z.array(z.string())).default({}),
});

/** Lists of people by the list's name. */
export type Lists = ReadonlyMap<string, readonly Recipient[]>;

export type ReadLists =
  | { readonly ok: true; readonly lists: Lists }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Parses the recipients file; a list that names nobody known is a problem at its line. */
export function parseLists(text: string, file: string): ReadLists {
  const read = parseYaml(text, recipientsSchema, file);
  if (!read.ok) return read;
  const people = new Map(Object.entries(read.value.recipients).map(([id, rest]) => [id, { id, ...rest }]));
  const problems: Problem[] = [];
  const lists = new Map<string, readonly Recipient[]>();
  for (const [name, ids] of Object.entries(read.value.lists)) {
    const members: Recipient[] = [];
    for (const [index, id] of ids.entries()) {
      const member = people.get(id);
      if (member) members.push(member);
      else problems.push(unknownMember(file, read.placeOf(['lists', name, index]), id, name, people.keys()));
    }
    lists.set(name, members);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, lists };
}

/** Reads the recipients file; a project without one has no lists. Throws `Fault` invalid with every problem. */
export async function loadLists(root: string, path: string): Promise<Lists> {
  const text = await readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Fault('unreachable', `cannot read ${path}`, { cause: error });
  });
  const read = parseLists(text, path);
  if (read.ok) return read.lists;
  throw new Fault('invalid', `${path} is not valid`, { problems: read.problems });
}

function unknownMember(
  file: string,
  place: { readonly line: number; readonly column: number },
  id: string,
  list: string,
  known: Iterable<string>,
): Problem {
  const hint = didYouMean(id, known);
  return {
    file,
    ...place,
    severity: 'error',
    code: 'unknown-recipient',
    message: `list "${list}" names "${id}", who is not among the recipients`,
    ...(hint ? { hint } : {}),
  };
}
