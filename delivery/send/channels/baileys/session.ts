import { afterClose } from './closing.ts';
import type { Connection, Ending } from './connection.ts';
import type { Device } from './device.ts';

/** A session that cannot be used now. */
export interface Shut {
  readonly kind: 'shut';
  readonly reason: string;
  /** When to try again. */
  readonly until: Date;
}

/** An open connection, and the device it is of. */
export interface Open {
  readonly kind: 'open';
  readonly device: Device;
  readonly connection: Connection;
  /** Ends the session until a person pairs it again. */
  stop(reason: string): Promise<Shut>;
}

/** A linked device's one connection, taken up again when it is lost, and handed over to a process that waits for it. */
export interface DeviceSession extends AsyncDisposable {
  /** Opens the connection if need be, and keeps it for a piece of work. `insist` waits for another process's turn to end. */
  use<T>(insist: boolean, signal: AbortSignal, work: (at: Open) => Promise<T>): Promise<T | Shut>;
  /** Forgets what kept it shut: it was paired. */
  refresh(): void;
}

/** Seconds that opening may take, and after which a lane that needs a person, or another's turn to end, is tried again. */
const opening = 40;
const untilPaired = 3600;
const untilFree = 2;
/** How often opening is tried at once when the connection is lost meanwhile. */
const tries = 3;

const shut = (reason: string, seconds: number): Shut => {
  return { kind: 'shut', reason, until: new Date(Date.now() + seconds * 1000) };
};

/** Opens nothing yet. */
export function deviceSession(lane: string, openDevice: () => Promise<Device>): DeviceSession {
  let current: Promise<Open | Shut> | undefined;
  let resting: Shut | undefined;
  let busy = 0;
  let failures = 0;

  async function open(insist: boolean, signal: AbortSignal): Promise<Open | Shut> {
    const device = await openDevice();
    const stop = await device.stopped();
    if (stop) return shut(stop.reason, untilPaired);
    if (!(await device.linked())) return shut(`no phone is linked: delivery pair ${lane}`, untilPaired);
    if (!(await device.takeTurn(insist, signal))) return shut('another process uses the session', untilFree);
    const connection = await device.connect(() => busy === 0);
    const timer = setTimeout(() => void connection.end(), opening * 1000);
    const isOpen = await connection.opened;
    clearTimeout(timer);
    const closed = connection.ended.then((ending) => whenClosed(device, ending, isOpen));
    if (!isOpen) return closed;
    failures = 0;
    void closed.catch(() => {});
    return {
      kind: 'open',
      device,
      connection,
      async stop(reason) {
        resting = shut(reason, untilPaired);
        await device.setStop({ reason, unlinked: false });
        await connection.end();
        return resting;
      },
    };
  }

  /** Lets whoever comes meanwhile wait until our turn has ended: ended later, it would end that of the next connection. */
  function whenClosed(device: Device, ending: Ending, wasOpen: boolean): Promise<Shut> {
    const closing = close(device, ending, wasOpen).finally(() => {
      if (current === closing) current = undefined;
    });
    current = closing;
    return closing;
  }

  /** What the end of a connection means for the next one. */
  async function close(device: Device, ending: Ending, wasOpen: boolean): Promise<Shut> {
    const after = afterClose(ending);
    if (after.kind === 'stop') {
      resting = shut(after.reason, untilPaired);
      await device.setStop(after);
    } else if (resting === undefined || resting.until <= new Date()) {
      failures = wasOpen ? 0 : failures + 1;
      resting = shut(after.reason, Math.max(after.seconds, failures > tries ? Math.min(60, 2 ** failures) : 0));
    }
    await device.endTurn();
    return resting;
  }

  async function opened(insist: boolean, signal: AbortSignal): Promise<Open | Shut> {
    for (let attempt = 1; ; attempt += 1) {
      if (resting && resting.until > new Date()) return resting;
      current ??= open(insist, signal);
      const mine = current;
      const forgetMine = () => {
        if (current === mine) current = undefined;
      };
      const found = await mine.catch((error) => {
        forgetMine();
        throw error;
      });
      if (found.kind === 'open') return found;
      forgetMine();
      if (attempt >= tries || found.until > new Date()) return found;
    }
  }

  return {
    async use(insist, signal, work) {
      busy += 1;
      try {
        const found = await opened(insist, signal);
        return found.kind === 'shut' ? found : await work(found);
      } finally {
        busy -= 1;
      }
    },

    refresh() {
      resting = undefined;
      failures = 0;
    },

    async [Symbol.asyncDispose]() {
      const found = await current?.catch(() => undefined);
      if (found?.kind !== 'open') return;
      await found.connection.end();
      await found.device.endTurn();
    },
  };
}
