import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Fault, messageOf } from '#engine';
import { resolveSetting } from '../../../config/secret.ts';
import type { ChannelKind, Part, SendOutcome } from '../../channel.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import { contentOf } from './content.ts';
import { type Device, openDevice, readStop } from './device.ts';
import { messageId } from './message-id.ts';
import { askBy, pair } from './pairing.ts';
import { receiptOf } from './receipts.ts';
import { findRecipient } from './recipient.ts';
import { refusalOf } from './refusal.ts';
import { sealOf } from './seal.ts';
import { deviceSession, type Open, type Shut } from './session.ts';

const settings = z.strictObject({
  /** Seals the session in the state database. */
  session_key: z
    .string()
    .regex(/^env:[A-Z][A-Z0-9_]*$/, 'env:NAME')
    .optional(),
  /** Seconds between two messages, at least and at most. */
  gap: z
    .tuple([z.number().min(0), z.number().max(3600)])
    .refine(([least, most]) => least <= most, 'at least and at most')
    .default([3, 8]),
  /** Seconds to wait for WhatsApp's word that it has a message. */
  ack: z.number().min(1).max(120).default(30),
});

const later = (reason: string): SendOutcome => ({ kind: 'later', reason: withoutAddresses(reason), scope: 'part' });
const laneLater = ({ reason, until: at }: Shut): SendOutcome => ({ kind: 'later', reason, at, scope: 'lane' });

/**
 * WhatsApp as a linked device, by Baileys. A part is sent when WhatsApp's server acknowledges it; its id is made of the
 * part's key, and a receipt settles a part whose acknowledgement was lost.
 */
export const baileys: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'whatsapp',
  split: 'by-file',
  parallel: 1,
  open(name, { session_key: key, gap: [least, most], ack }, { files, root, env, session }) {
    const store = async () => {
      if (session === undefined) throw new Fault('bug', `${name} has no state database`);
      return session();
    };
    const seal = sealOf(key === undefined ? undefined : resolveSetting(key, 'session_key', env));
    let opening: Promise<Device> | undefined;
    const device = () => {
      opening ??= store()
        .then((kept) => openDevice(name, root, kept, seal))
        .catch((error) => {
          opening = undefined;
          throw error;
        });
      return opening;
    };
    const line = deviceSession(name, device);
    let sentAt = 0;

    async function sendOpen(open: Open, part: Part, stillMine: () => Promise<boolean>, signal: AbortSignal) {
      const { connection, device: kept } = open;
      const { socket } = connection;
      const to = await connection.whileOpen(findRecipient(socket, part.address));
      if (to.kind === 'refused') return to;
      const { library } = kept;
      const content = await contentOf(part.content, files);
      const id = messageId(part.key);
      const options = { messageId: id, userJid: '', upload: socket.waUploadToServer };
      const { message } = await connection.whileOpen(library.generateWAMessage(to.jid, content, options));
      // What must be asked of the server is asked before: then it is only written.
      const devices = socket.getUSyncDevices([to.jid], true, false);
      await connection.whileOpen(devices.then((found) => socket.assertSessions(found.map(({ jid }) => jid))));
      if (!(await kept.keep(id, message))) return later('the session was taken over');
      await pause(Math.max(0, sentAt + (least + Math.random() * (most - least)) * 1000 - Date.now()), undefined, {
        signal,
      });
      if (!(await stillMine())) return laneLater({ kind: 'shut', reason: 'the lease was lost', until: new Date() });
      sentAt = Date.now();
      return relay(open, to.jid, id, message);
    }

    /** The irrevocable act. What fails before a message was begun has surely not gone. */
    async function relay(
      { connection, stop }: Open,
      jid: string,
      id: string,
      message: Readonly<Record<string, unknown>>,
    ): Promise<SendOutcome> {
      const before = connection.begun();
      const answered = connection.socket.waitForMessage(id, ack * 1000);
      const acknowledged = connection.whileOpen(answered).catch(() => undefined);
      answered.catch(() => {});
      try {
        await connection.whileOpen(connection.socket.relayMessage(jid, message, { messageId: id }));
      } catch (error) {
        if (connection.begun() === before) return later(messageOf(error));
      }
      const answer = await acknowledged;
      if (answer === undefined) return { kind: 'unclear', reason: 'WhatsApp did not say that it has the message' };
      const code = answer.attrs['error'];
      if (code === undefined) return { kind: 'accepted', providerId: id };
      const refusal = refusalOf(code, new Date());
      return refusal.kind === 'outcome' ? refusal.outcome : laneLater(await stop(refusal.reason));
    }

    return {
      async send(part, stillMine, signal) {
        try {
          const found = await line.use(true, signal, (open) =>
            sendOpen(open, part, stillMine, signal).catch((error) => later(messageOf(error))),
          );
          return found.kind === 'shut' ? laneLater(found) : found;
        } catch (error) {
          return laneLater({ kind: 'shut', reason: messageOf(error), until: new Date(Date.now() + 60_000) });
        }
      },

      async collect(cursor, signal) {
        // Receipts come only while the device is connected; another process's turn is not asked for.
        await line.use(false, signal, async () => {}).catch(() => {});
        const news = await (await store()).news(cursor);
        return {
          receipts: news.map(({ text }) => receiptOf(text)),
          cursor: news.at(-1)?.number ?? cursor ?? '0',
          more: news.length > 0,
        };
      },

      async stopped() {
        const stop = await readStop(await store());
        return stop && { reason: stop.reason, since: new Date(stop.at) };
      },

      async pair(phone, show, signal) {
        const picture = join(root, 'var', 'pair', `${name}.png`);
        try {
          await pair(await device(), askBy(show, phone, picture), signal);
        } finally {
          await rm(picture, { force: true });
        }
        line.refresh();
      },

      [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
    };
  },
};
