import { randomUUID } from 'node:crypto';
import { messageOf } from '#engine';
import type { Attempt, Found, Part } from '../channel.ts';
import type { Folder, Mailbox } from './mailbox.ts';

/** What the mailbox that gets a copy of every mail tells about a part. */
export interface JournalEvidence {
  /** A copy of the part is there. */
  readonly copy: boolean;
  /** A mail of ours that began its way after the part's attempt is there: the copies do arrive. */
  readonly proved: boolean;
}

/** Times that decide how far a journal may be believed. */
export interface JournalTimes {
  readonly startedAt: Date;
  /** Milliseconds after which every copy that was ever to come has come. */
  readonly settle: number;
  readonly now: Date;
}

/**
 * What to believe. A copy proves that the mail server took the mail. That there is none proves nothing until the time to
 * settle is over and a later mail's copy has come: an empty journal may be a broken one.
 */
export function judgeJournal({ copy, proved }: JournalEvidence, { startedAt, settle, now }: JournalTimes): Found {
  if (copy) return { kind: 'sent', providerId: 'journal' };
  const settled = new Date(startedAt.getTime() + settle);
  if (now < settled) return { kind: 'unknown', reason: 'no copy in the journal yet', until: settled };
  if (proved) return { kind: 'not-sent' };
  // A canary, or the next mail, may still come.
  const until = new Date(settled.getTime() + canaryWait);
  return { kind: 'unknown', reason: 'no copy in the journal, and nothing proves that copies arrive', until };
}

/** Milliseconds that a canary is waited for before a person is asked. */
const canaryWait = 5 * 60_000;

export interface JournalTools {
  readonly mailbox: Mailbox;
  readonly settle: number;
  /** The address that our mails are from. */
  readonly from: string;
  /**
   * Sends a mail with this text in its header `X-Tiffin-Canary` to the journal and nobody else; false when it was not
   * taken. Undefined where the mail server makes the copies by a rule of its own.
   */
  readonly sendCanary: ((canary: string, signal: AbortSignal) => Promise<boolean>) | undefined;
}

/** Looks for parts in a journal, and proves the journal where there is nothing to be found. */
export interface Journal {
  find(part: Part, attempt: Attempt, signal: AbortSignal): Promise<Found>;
}

interface Canary {
  readonly name: string;
  readonly at: Date;
}

/** Milliseconds for which one canary is waited for before another is sent. */
const canaryPause = 60_000;

export function openJournal(tools: JournalTools): Journal {
  const { mailbox, settle } = tools;
  const now = () => new Date();
  // The last one is enough for every part whose time to settle was over when it was sent.
  let canary: Canary | undefined;

  async function release(signal: AbortSignal): Promise<void> {
    if (tools.sendCanary === undefined) return;
    if (canary && now().getTime() - canary.at.getTime() < canaryPause) return;
    const next = { name: randomUUID(), at: now() };
    if (await tools.sendCanary(next.name, signal)) canary = next;
  }

  return {
    async find(part, attempt, signal) {
      const { startedAt } = attempt;
      const settled = new Date(startedAt.getTime() + settle);
      let evidence: JournalEvidence;
      try {
        evidence = await mailbox.read(signal, async (folder) => {
          const since = new Date(startedAt.getTime() - aDay);
          const after = canary !== undefined && canary.at >= settled ? canary.name : undefined;
          // The proof comes first: a copy that arrives between the two searches is then found.
          const proved =
            now() >= settled &&
            ((after !== undefined && (await holdsCanary(folder, after, since))) ||
              (await holdsLater(folder, tools.from, startedAt)));
          return { copy: await holdsCopy(folder, part, since), proved };
        });
      } catch (error) {
        return { kind: 'unknown', reason: messageOf(error) };
      }
      const found = judgeJournal(evidence, { startedAt, settle, now: now() });
      if (found.kind === 'unknown' && now() >= settled) await release(signal);
      return found;
    },
  };
}

/** IMAP compares days without their zone: a day more on either side. */
const aDay = 24 * 3_600_000;

/** By the Message-ID, and by the key, because some servers give mails an id of their own. Servers search for parts of words, so what is found is compared. */
async function holdsCopy(folder: Folder, part: Part, since: Date): Promise<boolean> {
  const found = await folder.search(
    {
      since,
      or: [{ header: { 'message-id': `tiffin.${part.reference}@` } }, { header: { 'x-tiffin-key': part.key } }],
    },
    { uid: true },
  );
  if (!found || found.length === 0) return false;
  for await (const mail of folder.fetch(found.join(','), { headers: ['x-tiffin-key'] }, { uid: true })) {
    if (headerOf(mail.headers, 'x-tiffin-key') === part.key) return true;
  }
  return false;
}

async function holdsCanary(folder: Folder, name: string, since: Date): Promise<boolean> {
  const found = await folder.search({ since, header: { 'x-tiffin-canary': name } }, { uid: true });
  return found !== false && found !== undefined && found.length > 0;
}

/** Mails of ours that are looked at for a proof. */
const newest = 20;

/** A copy of another mail that came after an instant. */
async function holdsLater(folder: Folder, from: string, at: Date): Promise<boolean> {
  const found = await folder.search({ since: new Date(at.getTime() - aDay), from }, { uid: true });
  const last = found ? found.slice(-newest) : [];
  if (last.length === 0) return false;
  const query = { internalDate: true, headers: ['x-tiffin-key'] };
  for await (const { headers, internalDate } of folder.fetch(last.join(','), query, { uid: true })) {
    const ours = headerOf(headers, 'x-tiffin-key') !== undefined;
    if (ours && internalDate !== undefined && new Date(internalDate) > at) return true;
  }
  return false;
}

function headerOf(headers: Buffer | undefined, name: string): string | undefined {
  const unfolded = headers?.toString('latin1').replace(/\r?\n[ \t]+/g, '') ?? '';
  return new RegExp(`^${name}:[ \\t]*(\\S+)`, 'im').exec(unfolded)?.[1];
}
