import type { Database } from '#engine';
import type { Rung } from '../edition/plan-messages.ts';
import { dedupKey } from '../enqueue/key.ts';
import type { NewMessage } from '../enqueue/message.ts';
import type { Claim } from '../send/send-ledger.ts';
import type { Slot } from '../slot/slot.ts';
import { type Ledger, openLedger } from './ledger.ts';

/** A ledger on a test's own database, and a quick way to put a sealed slot into it. */
export interface TestLedger {
  readonly ledger: Ledger;
  /** Seals a slot with one message to each recipient; returns the slot's id. */
  sealed(slot: Slot, recipients: readonly string[], rungs?: readonly Rung[]): Promise<string>;
}

export const byMail: readonly Rung[] = [{ lane: 'email', address: 'someone@example.com', split: 'whole' }];

export function testSlot(id: string, more: Partial<Slot> = {}): Slot {
  const date = '2021-12-21';
  return {
    report: 'daily_sales',
    id,
    date,
    days: { from: date, until: date },
    tick: new Date('2021-12-22T02:30:00Z'),
    ...more,
  };
}

export function testMessage(secret: string, slot: string, recipient: string, rungs = byMail, resend = 0): NewMessage {
  const identity = { report: 'daily_sales', slot, edition: 'whole', entry: 'office', recipient, resend };
  const attachments = (['pdf', 'xlsx'] as const).map((format) => {
    return { format, name: `Sales.${format}`, mediaType: 'application/x', sha256: format, bytes: 3 };
  });
  return {
    key: dedupKey(secret, identity),
    edition: 'whole',
    entry: 'office',
    recipient: { id: recipient, name: recipient.toUpperCase() },
    rungs: rungs.map((rung) => ({ ...rung, address: `${recipient}/${rung.address}` })),
    content: { subject: 'Sales', text: 'hello', html: '', caption: '', attachments },
  };
}

export async function testLedger(state: Database, target = 'test'): Promise<TestLedger> {
  const ledger = await openLedger(state, target);
  return {
    ledger,
    async sealed(slot, recipients, rungs = byMail) {
      const held = await ledger.slots.open(slot, { asked: false, resend: 0 });
      await ledger.slots.freeze(held.id, 'f'.repeat(64));
      await ledger.editions.add(held.id, [{ key: 'whole', rowsSha256: 'r' }]);
      await ledger.messages.add(
        held.id,
        recipients.map((recipient) => testMessage(ledger.secret, slot.id, recipient, rungs)),
      );
      await ledger.slots.seal(held.id);
      return held.id;
    },
  };
}

/** Takes a lane's next part, if there is one. */
export async function claimOne(
  { sending }: Pick<Ledger, 'sending'>,
  lane: string,
  slotId?: string,
  seconds = 20,
): Promise<Claim | undefined> {
  const [claim] = await sending.claim({ lane, owner: 'me', seconds, most: 1, slotId });
  return claim;
}
