import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { Fault, messageOf } from '#engine';
import type { ChannelKind, Found, Part, SendOutcome, Stopped } from '../../channel.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import { tryContract } from './canary.ts';
import { openChat } from './chat.ts';
import { type Diary, openDiary } from './diary.ts';
import { writeDriftReport } from './drift-report.ts';
import { openLanePage } from './lane.ts';
import { lookForPart } from './look-part.ts';
import { paceOf } from './pace.ts';
import { pairPhone } from './pairing.ts';
import { chatAddress } from './recipient.ts';
import { lookAtScreen, type Screen } from './screen.ts';
import { sendPart } from './send-part.ts';
import { isStandIn, settingsSchema, type WhatsappWebSettings } from './settings.ts';
import type { PageFile } from './write-part.ts';

/** Milliseconds after which a page that has changed is looked at again. */
const afterDrift = 30 * 60_000;

/** What a page shows where nothing goes until a person does something. */
const stoppedBy: Readonly<Partial<Record<Screen['kind'], string>>> = {
  unlinked: 'no phone is linked',
  'logged-out': 'WhatsApp has logged this device out',
  restricted: 'WhatsApp has restricted the account',
};

/**
 * WhatsApp Web in a real browser: what a person would do, done by clicks. For a few known people; its terms forbid more, and
 * strangers are for the official API. A part is sent when its own bubble shows a tick; what is unclear is looked for in
 * the chat by its reference.
 */
export const whatsappWeb: ChannelKind<WhatsappWebSettings> = {
  settings: settingsSchema,
  address: 'whatsapp',
  split: 'by-file',
  parallel: 1,
  open(name, settings, { files, root, env }) {
    const { url, tick, settle } = settings;
    const home = resolve(root, settings.profile ?? join('var/whatsapp-web', name));
    const lane = openLanePage(home, isStandIn(url), env);
    const patience = { load: settings.load, strange: settings.strange };
    const now = () => new Date();
    /** On which page all was where it should be, and by which contract. */
    const proven = new WeakMap<Page, string>();
    let diary: Promise<Diary> | undefined;
    const openedDiary = () => {
      diary ??= openDiary(join(home, 'diary'), now());
      return diary;
    };

    /** What keeps a part back by our own pace; otherwise waits its gap, and writes it down where its chat is open. */
    async function mayGo(signal: AbortSignal, fresh?: boolean): Promise<SendOutcome | undefined> {
      const { sent, add } = await openedDiary();
      const pace = paceOf(sent, settings, now(), Math.random(), fresh);
      if (pace.kind === 'later') return pace;
      if (fresh !== undefined) await add({ at: now().getTime(), fresh });
      else await pause(pace.wait, undefined, { signal });
      return undefined;
    }

    async function drifted(page: Page, missing: string): Promise<SendOutcome> {
      const report = await writeDriftReport(page, home, missing, now());
      const reason = `the page has changed, "${missing}" is missing: see drift/${basename(report)} beside the profile`;
      return { kind: 'later', reason, scope: 'lane', at: new Date(now().getTime() + afterDrift) };
    }

    async function fileOf({ content }: Part): Promise<PageFile | undefined> {
      const [file] = content.attachments;
      return file && { name: file.name, mimeType: file.mediaType, buffer: Buffer.from(await files.read(file.sha256)) };
    }

    let stopped: Stopped | undefined;
    /** Whether the page said at its last look that the phone was away for long. */
    let phoneAway = false;
    const chatOf = (page: Page, part: Part, signal: AbortSignal) => async () => {
      const chat = await openChat(page, url, chatAddress(part.address), patience, signal);
      if (chat.kind === 'open') phoneAway = chat.phoneAway;
      return chat;
    };

    return {
      async send(part, stillMine, signal) {
        const held = await mayGo(signal).catch((error: unknown): SendOutcome => {
          if (!signal.aborted) throw error;
          return { kind: 'later', reason: 'stopped before it was sent', scope: 'lane' };
        });
        if (held) return held;
        const lent = await lane.lend(signal, (page) =>
          sendPart(
            part,
            {
              page,
              open: chatOf(page, part, signal),
              readFile: () => fileOf(part),
              canary: async (contract) => {
                const which = `${contract.name} ${contract.words.language}`;
                if (proven.get(page) === which) return undefined;
                const missing = await tryContract(page, contract);
                if (missing === undefined) proven.set(page, which);
                return missing;
              },
              drifted: (missing) => drifted(page, missing),
              mayGo: (fresh) => mayGo(signal, fresh),
              stillMine,
              tick,
              now,
            },
            signal,
          ),
        );
        if (lent.kind === 'done') return lent.value;
        const reason = lent.kind === 'taken' ? 'another process has the browser' : lent.reason;
        return { kind: 'later', reason, scope: 'lane' };
      },

      async find(part, attempt, signal) {
        const lent = await lane.lend(signal, async (page) => {
          const found = await lookForPart(page, part, attempt, chatOf(page, part, signal), settle, now, signal).catch(
            // A browser that died meanwhile tells nothing; the next look opens another.
            (error: unknown): Found => {
              signal.throwIfAborted();
              return { kind: 'unknown', reason: withoutAddresses(messageOf(error).split('\n')[0] ?? '') };
            },
          );
          return found;
        });
        if (lent.kind === 'done') return lent.value;
        return { kind: 'unknown', reason: lent.kind === 'taken' ? 'another process has the browser' : lent.reason };
      },

      warning: () =>
        phoneAway
          ? 'its phone has not been online for long: after 14 days without it WhatsApp logs this device out. Open WhatsApp on the phone'
          : undefined,

      async stopped() {
        const page = lane.idle();
        // A page that dies meanwhile, or is taken for a message, says nothing; what it showed before still holds.
        const screen = page && (await lookAtScreen(page).catch(() => undefined));
        const reason = screen && stoppedBy[screen.kind];
        if (screen?.kind === 'ready') stopped = undefined;
        else if (reason !== undefined) stopped ??= { reason: `${reason}: delivery pair ${name}`, since: now() };
        return stopped;
      },

      async pair(phone, show, signal) {
        const lent = await lane.lend(signal, (page) => pairPhone(page, url, home, phone, show, signal));
        if (lent.kind === 'taken') {
          throw new Fault('failed', `${name}: another process has the browser`, {
            hint: 'Stop the daemon while a phone is linked.',
          });
        }
        if (lent.kind === 'unavailable') throw new Fault('failed', `${name}: ${lent.reason}`);
      },

      [Symbol.asyncDispose]: () => lane[Symbol.asyncDispose](),
    };
  },
};
