import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import type { SessionStore } from '../../sessions.ts';
import { deviceKeys } from './auth.ts';
import { type Connection, connect } from './connection.ts';
import { type Baileys, loadBaileys, type Socket, type WireMessage } from './library.ts';
import { newsOf } from './receipts.ts';
import type { Seal } from './seal.ts';

/** What stands in the way of a session until a person pairs it again. */
export interface Stop {
  readonly reason: string;
  /** The device's keys are of no more use. */
  readonly unlinked: boolean;
  /** ISO instant. */
  readonly at: string;
}

/** A linked device as it is kept, and the way to connect it. One process at a time has its turn. */
export interface Device {
  readonly library: Baileys;
  linked(): Promise<boolean>;
  stopped(): Promise<Stop | undefined>;
  /** Stops it, or lets it go on. */
  setStop(stop: Omit<Stop, 'at'> | undefined): Promise<void>;
  /** Waits for our turn where we insist; false when it does not come. */
  takeTurn(insist: boolean, signal: AbortSignal): Promise<boolean>;
  endTurn(): Promise<void>;
  /** Connects in our turn, which is kept until the connection has ended. `idle`: may it be ended for somebody who waits? */
  connect(idle: () => boolean, qr?: (text: string, socket: Socket) => void): Promise<Connection>;
  /** Keeps a message for phones that ask for it again; false when it is no longer our turn. */
  keep(id: string, message: WireMessage): Promise<boolean>;
  forget(): Promise<void>;
}

/** Seconds: a lease on the session, and how long to wait for one's turn. */
const lease = 15;
const turn = 25;
/** Seconds for which a message is kept for phones that ask for it again: WhatsApp itself keeps what waits for a phone for 30 days. */
const keptFor = 30 * 24 * 3600;

/** What a lane's device was stopped by. */
export async function readStop(store: SessionStore): Promise<Stop | undefined> {
  const text = (await store.read('stop')).get('');
  return text === undefined ? undefined : (JSON.parse(text) as Stop);
}

/** Opens a lane's device. Throws `Fault` invalid where Baileys is not installed. */
export async function openDevice(lane: string, root: string, store: SessionStore, seal: Seal): Promise<Device> {
  const owner = randomUUID();
  const library = await loadBaileys(root);
  const keys = deviceKeys(library, store, seal, lane);
  const placeOf = (id: string) => `${lane}/sent/${id}`;

  async function sent(id: string): Promise<WireMessage | undefined> {
    const text = (await store.read('sent', [id])).get(id);
    if (text === undefined) return undefined;
    return library.proto.Message.decode(Buffer.from(seal.open(text, placeOf(id)), 'base64'));
  }

  return {
    library,
    linked: keys.linked,

    stopped: () => readStop(store),

    async setStop(stop) {
      const value =
        stop && JSON.stringify({ reason: stop.reason, unlinked: stop.unlinked, at: new Date().toISOString() });
      await store.write(owner, [{ kind: 'stop', id: '', ...(value === undefined ? {} : { value }) }]);
    },

    async takeTurn(insist, signal) {
      const until = Date.now() + turn * 1000;
      for (;;) {
        if (await store.take(owner, lease, insist)) return true;
        if (!insist || Date.now() > until) return false;
        await pause(250, undefined, { signal });
      }
    },

    endTurn: () => store.leave(owner),

    async connect(idle, qr) {
      await store.forgetOlder('sent', keptFor);
      const connection = connect({
        library,
        auth: await keys.load(owner),
        sent,
        async heard(node) {
          for (const news of newsOf(node)) await store.note(JSON.stringify(news));
        },
        ...(qr === undefined ? {} : { qr }),
      });
      const beat = async () => {
        const ours = await store.take(owner, lease, false);
        if (!ours || (idle() && (await store.wanted()))) await connection.end();
      };
      // With a database that cannot be reached the lease runs out, and then nothing could be kept any more.
      const heart = setInterval(() => void beat().catch(connection.end), (lease / 3) * 1000);
      void connection.ended.then(() => clearInterval(heart));
      return connection;
    },

    async keep(id, message) {
      const bytes = Buffer.from(library.proto.Message.encode(message).finish()).toString('base64');
      return store.write(owner, [{ kind: 'sent', id, value: seal.close(bytes, placeOf(id)) }]);
    },

    forget: () => store.forget(),
  };
}
