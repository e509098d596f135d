import type { Outbox } from '#engine';
import type { Lanes } from '../edition/lane.ts';
import type { Lists } from '../people/lists.ts';
import { addressOf } from '../people/recipient.ts';
import { type Owner, ownerName, ownerOf } from './owner.ts';
import { type RaiseTools, raise } from './raise.ts';

/** Notices taken from the engine in one go. */
const atOnce = 100;
/** Milliseconds after which a notice that names nobody here is looked at again: somebody may have been entered. */
const nobodyFor = 3_600_000;

/**
 * Takes over what the engine has for owners by our lanes: runs that failed, ticks that are late. The engine's key is the
 * notice's name, so that whoever is killed between raising it and noting so raises nothing twice. Returns the new
 * notices' names.
 */
export async function tellOfRuns(
  tools: RaiseTools,
  outbox: Outbox,
  { lanes, lists }: { readonly lanes: Lanes; readonly lists: Lists },
  now: Date,
): Promise<string[]> {
  const told: string[] = [];
  for (const lane of lanes.keys()) {
    for (const { id, key, kind, dag, to: text, message } of await outbox.unsent(`${lane}:`, now.getTime(), atOnce)) {
      const to = ownersNamed(text, lanes, lists);
      if (to.length === 0) {
        await outbox.noteSent(id, { kind: 'later', at: now.getTime() + nobodyFor });
        continue;
      }
      const notice = {
        id: `engine/${withoutAddress(key, text)}`,
        to,
        subject: `${dag} ${kind === 'late' ? 'is late' : kind}`,
        text: message,
      };
      if (await raise(tools, notice, now)) told.push(notice.id);
      await outbox.noteSent(id, { kind: 'sent' });
    }
  }
  return told;
}

/** Names of notices stand in the trail, and the trail holds no addresses. */
function withoutAddress(key: string, text: string): string {
  return text.includes('@') ? key.replaceAll(text, ownerName(text)) : key;
}

/** `email:someone@example.com` is one owner; `email:data-team` all those of a list of that name, none where there is no such list. */
export function ownersNamed(text: string, lanes: Lanes, lists: Lists): Owner[] {
  const split = text.indexOf(':');
  const lane = lanes.get(text.slice(0, split));
  const members = lists.get(text.slice(split + 1).trim());
  if (lane === undefined) return [];
  if (members === undefined)
    return lane.address === 'email' && !text.includes('@') ? [] : [ownerOf(text, lanes) ?? []].flat();
  return members.flatMap((member) => {
    const address = addressOf(member, lane.address);
    return address === undefined ? [] : (ownerOf(`${lane.name}:${address}`, lanes) ?? []);
  });
}
