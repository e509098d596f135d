import { join, resolve } from 'node:path';
import type { ChannelKind, Part } from '../../channel.ts';
import { openChat } from './chat.ts';
import { openLanePage } from './lane.ts';
import { lookForPart } from './look-part.ts';
import { chatAddress } from './recipient.ts';
import { sendPart } from './send-part.ts';
import { isStandIn, settingsSchema, type WhatsappWebSettings } from './settings.ts';
import type { PageFile } from './write-part.ts';

/**
 * WhatsApp Web in a real browser: what a person would do, done by clicks. For a few known people; its terms forbid more, and
 * strangers are for the official API. A part is sent when its own bubble shows a tick; what is unclear is looked for in
 * the chat by its reference.
 */
export const whatsappWeb: ChannelKind<WhatsappWebSettings> = {
  settings: settingsSchema,
  address: 'phone',
  split: 'by-file',
  parallel: 1,
  open(name, settings, { files, root, env }) {
    const { url, tick, settle } = settings;
    const home = resolve(root, settings.profile ?? join('var/whatsapp-web', name));
    const lane = openLanePage(home, isStandIn(url), env);
    const patience = { load: settings.load, strange: settings.strange };
    const now = () => new Date();

    async function fileOf({ content }: Part): Promise<PageFile | undefined> {
      const [file] = content.attachments;
      return file && { name: file.name, mimeType: file.mediaType, buffer: Buffer.from(await files.read(file.sha256)) };
    }

    return {
      async send(part, stillMine, signal) {
        const lent = await lane.lend(signal, (page) =>
          sendPart(
            part,
            {
              page,
              open: () => openChat(page, url, chatAddress(part.address), patience, signal),
              readFile: () => fileOf(part),
              canary: async () => undefined,
              drifted: async (missing) => ({
                kind: 'later',
                reason: `the page has changed: ${missing}`,
                scope: 'lane',
              }),
              mayGo: async () => undefined,
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
        const lent = await lane.lend(signal, (page) => {
          const open = () => openChat(page, url, chatAddress(part.address), patience, signal);
          return lookForPart(page, part, attempt, open, settle, now, signal);
        });
        if (lent.kind === 'done') return lent.value;
        return { kind: 'unknown', reason: lent.kind === 'taken' ? 'another process has the browser' : lent.reason };
      },

      [Symbol.asyncDispose]: () => lane[Symbol.asyncDispose](),
    };
  },
};
