import type { Page } from 'playwright';
import { messageOf } from '#engine';
import type { Part, SendOutcome } from '../../channel.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import { bubblesIn, withReference } from './bubbles.ts';
import { captionOf } from './caption.ts';
import type { OpenedChat } from './chat.ts';
import type { PageContract } from './page-contract.ts';
import { lookAtScreen } from './screen.ts';
import type { Readiness } from './session.ts';
import { hasTick, tickOf } from './tick.ts';
import { until } from './until.ts';
import { type PageFile, type Written, writeFile, writeText } from './write-part.ts';

/** Minutes after which a lane that needs a person looks again by itself. */
const again = 30;

/** Why nothing can be sent by a page that is not ready; the lane stops. */
export function notReady(why: Exclude<Readiness['kind'], 'ready'>, now: Date): SendOutcome {
  const reasons = {
    unlinked: 'no phone is linked: "delivery pair" links one',
    'logged-out': 'the phone has logged this device out: "delivery pair" links it again',
    restricted: 'WhatsApp has restricted the account: nothing more is sent',
    loading: 'the chats do not load',
    strange: 'the page shows nothing that is known',
  };
  const minutes = why === 'loading' ? 5 : why === 'restricted' ? 12 * 60 : again;
  return { kind: 'later', reason: reasons[why], scope: 'lane', at: new Date(now.getTime() + minutes * 60_000) };
}

export interface SendTools {
  readonly page: Page;
  readonly open: () => Promise<OpenedChat>;
  readonly readFile: () => Promise<PageFile | undefined>;
  /** Asked before the first part of a session; what is missing, or nothing. */
  readonly canary: (contract: PageContract) => Promise<string | undefined>;
  /** Notes what is missing and returns what it makes of the part. */
  readonly drifted: (missing: string) => Promise<SendOutcome>;
  /** Our own pace, asked when the chat is open. */
  readonly mayGo: (fresh: boolean) => Promise<SendOutcome | undefined>;
  readonly stillMine: () => Promise<boolean>;
  readonly tick: number;
  readonly now: () => Date;
}

/** Sends one part: until the click nothing has gone, after it only the own bubble's tick says that it has. */
export async function sendPart(part: Part, tools: SendTools, signal: AbortSignal): Promise<SendOutcome> {
  const { page, now } = tools;
  let clicked = false;
  try {
    const chat = await tools.open();
    if (chat.kind === 'not-ready') {
      return chat.why === 'strange' ? tools.drifted('the screen') : notReady(chat.why, now());
    }
    if (chat.kind === 'refused') {
      return { kind: 'refused', reason: chat.reason, ...(chat.nobody ? { suppress: true as const } : {}) };
    }
    if (chat.kind === 'missing') return tools.drifted('the open chat');
    const { contract } = chat;
    const missing = await tools.canary(contract);
    if (missing !== undefined) return tools.drifted(missing);

    const there = await bubblesIn(page, contract);
    // A ledger that was restored may not know what the chat does.
    if (withReference(there.bubbles, part.reference))
      return await waitForTick(page, contract, part.reference, tools.tick, signal);
    const held = await tools.mayGo(there.bubbles.length === 0);
    if (held) return held;

    const written = await write(part, contract, tools);
    if (written.kind === 'drift') return tools.drifted(written.missing);
    const screen = await lookAtScreen(page);
    if (screen.kind !== 'ready') {
      const why = screen.kind === 'dialog' ? 'strange' : screen.kind;
      return notReady(why, now());
    }
    signal.throwIfAborted();
    if (!(await tools.stillMine())) return { kind: 'later', reason: 'the lease was lost', scope: 'lane' };
    clicked = true;
    await written.send.click({ timeout: 10_000 });
    return await waitForTick(page, contract, part.reference, tools.tick, signal);
  } catch (error) {
    const reason = withoutAddresses(messageOf(error).split('\n')[0] ?? '');
    return clicked ? { kind: 'unclear', reason } : { kind: 'later', reason, scope: 'lane' };
  }
}

async function write(part: Part, contract: PageContract, { page, readFile }: SendTools): Promise<Written> {
  const file = await readFile();
  const caption = captionOf(part);
  return file === undefined ? writeText(page, contract, caption) : writeFile(page, contract, file, caption);
}

async function waitForTick(
  page: Page,
  contract: PageContract,
  reference: string,
  milliseconds: number,
  signal: AbortSignal,
): Promise<SendOutcome> {
  let last = 'its message did not appear in the chat';
  const sent = await until<SendOutcome>(
    async () => {
      const { bubbles } = await bubblesIn(page, contract);
      const bubble = withReference(bubbles, reference);
      if (bubble === undefined) {
        const { kind } = await lookAtScreen(page);
        return kind === 'logged-out' || kind === 'unlinked' || kind === 'restricted'
          ? { kind: 'unclear', reason: `the account was ${kind} after the click` }
          : undefined;
      }
      const tick = tickOf(bubble.signs, contract);
      last = tick === undefined ? 'its message shows no tick that is known' : `its message is ${tick}`;
      if (hasTick(tick)) return { kind: 'accepted', providerId: bubble.id };
      return tick === 'failed'
        ? { kind: 'unclear', reason: 'WhatsApp says that it did not go, and may still try' }
        : undefined;
    },
    milliseconds,
    signal,
  );
  return sent ?? { kind: 'unclear', reason: last };
}
