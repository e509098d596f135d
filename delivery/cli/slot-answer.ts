import type { FileStore } from '../files/file-store.ts';
import type { HeldMessage } from '../ledger/held-messages.ts';
import { isSettled, type PartState } from '../ledger/moves.ts';

/** A file that a part carries; a part without files is one of these with nulls. */
interface DescribedPart {
  readonly format: string | null;
  readonly name: string | null;
  /** In the file store, from the project's root. */
  readonly path: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly part: string;
  readonly state: PartState;
  readonly attempts: number;
  readonly reason: string | null;
}

/** A slot's messages as scripts read them: one entry for each file a part carries, and one for a part that carries none. */
export function describeMessage(message: HeldMessage, files: Pick<FileStore, 'pathOf'>) {
  const { id, edition, entry, recipient, channel, state, parts } = message;
  return {
    id,
    edition,
    entry,
    recipient,
    channel,
    state,
    parts: parts.flatMap((part): DescribedPart[] => {
      const common = { part: part.reference, state: part.state, attempts: part.attempts, reason: part.reason ?? null };
      if (part.files.length === 0)
        return [{ format: null, name: null, path: null, bytes: null, sha256: null, ...common }];
      return part.files.map(({ format, name, sha256, bytes }) => {
        return { format, name, path: files.pathOf(sha256), bytes, sha256, ...common };
      });
    }),
  };
}

/** 1 when a message failed or was too late, 3 when one still waits or is unclear, else 0. */
export function exitCodeFor(messages: readonly Pick<HeldMessage, 'state'>[]): number {
  if (messages.some(({ state }) => state === 'failed' || state === 'expired')) return 1;
  return messages.every(({ state }) => isSettled(state)) ? 0 : 3;
}

/** Why messages are not sent, a line for each reason: `email: 3 queued: ESOCKET at CONN`. */
export function reasonsOf(messages: readonly HeldMessage[]): string[] {
  const counts = new Map<string, number>();
  for (const { channel, state, parts } of messages) {
    const reason = parts.find((part) => part.state === state)?.reason;
    if (reason === undefined || state === 'sent') continue;
    const line = `${state}: ${reason}`;
    counts.set(`${channel} ${line}`, (counts.get(`${channel} ${line}`) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => line.replace(' ', `: ${count} `));
}

/** `3 sent, 1 unclear`. */
export function countStates(messages: readonly Pick<HeldMessage, 'state'>[]): string {
  const counts = new Map<string, number>();
  for (const { state } of messages) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
