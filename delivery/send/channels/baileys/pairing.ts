import { Fault } from '#engine';
import type { PairingStep } from '../../channel.ts';
import { afterClose } from './closing.ts';
import type { Device } from './device.ts';
import type { Socket } from './library.ts';
import { writeQr } from './qr.ts';

/** How often a connection may end by itself on the way; WhatsApp asks for a new one right after the phone has agreed. */
const tries = 4;

/**
 * Links a phone to a device, or finds that the link still holds; then the lane may go on. With a number, by a code to type
 * into that phone instead of one to scan. Throws `Fault` failed when nobody did either, or WhatsApp refuses.
 */
export async function pair(device: Device, ask: Ask, signal: AbortSignal): Promise<void> {
  if (!(await device.takeTurn(true, signal))) {
    throw new Fault('lost', 'another process uses the session', {
      hint: 'Stop the daemon for as long as pairing takes.',
    });
  }
  try {
    const stop = await device.stopped();
    if (stop?.unlinked || !(await device.linked())) await device.forget();
    await untilOpen(device, ask, signal);
    await device.setStop(undefined);
  } finally {
    await device.endTurn();
  }
}

/** Told of each code that WhatsApp has for a phone to scan, while none is linked. */
export type Ask = (text: string, socket: Socket) => Promise<void>;

/** Shows each code to scan, as dots and in a picture; with a phone's number one code to type. */
export function askBy(show: (step: PairingStep) => Promise<void>, phone: string | undefined, file: string): Ask {
  let asked = false;
  return async (text, socket) => {
    if (phone === undefined) return show({ kind: 'picture', dots: await writeQr(text, file), file });
    if (asked) return;
    asked = true;
    const code = await socket.requestPairingCode(phone.replace(/\D/g, ''));
    await show({ kind: 'code', code: `${code.slice(0, 4)}-${code.slice(4)}` });
  };
}

async function untilOpen(device: Device, ask: Ask, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const failed = Promise.withResolvers<never>();
    const connection = await device.connect(
      () => false,
      (text, socket) => void ask(text, socket).catch(failed.reject),
    );
    const stop = () => void connection.end();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (await Promise.race([connection.opened, failed.promise])) return;
      const ending = await connection.ended;
      signal.throwIfAborted();
      const after = afterClose(ending);
      if (after.kind === 'stop') throw new Fault('failed', after.reason);
      if (attempt >= tries || !(await device.linked())) {
        throw new Fault('failed', `the phone was not linked: ${after.reason}`, {
          hint: 'Codes are good for about a minute: try again, with the phone at hand.',
        });
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await connection.end();
    }
  }
}
