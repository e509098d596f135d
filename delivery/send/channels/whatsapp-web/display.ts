import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess } from './processes.ts';
import { startXvfb } from './x-server.ts';

/** A screen for a browser where there is none, seen by nobody. */
export interface Display extends AsyncDisposable {
  /** What a program needs to be shown on it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts Xvfb (Debian package xvfb). Its key is in `home`, so that nobody else on this machine sees what is shown. It ends
 * with the last program that it shows; one that did not, of a process that was killed, is ended here.
 */
export async function openDisplay(home: string): Promise<Display> {
  const pidFile = join(home, 'display.pid');
  const left = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (left > 1) await endProcess(left, home);
  const key = join(home, 'display.key');
  await writeFile(key, keyFile(randomBytes(16)), { mode: 0o600 });
  const args = ['-screen', '0', '1366x900x24', '-nolisten', 'tcp', '-terminate', '-auth', key];
  const server = await startXvfb(args, (pid) => writeFile(pidFile, String(pid), { mode: 0o600 }));
  return {
    env: { DISPLAY: `:${server.number}`, XAUTHORITY: key },
    async [Symbol.asyncDispose]() {
      await server.end();
      await rm(pidFile, { force: true });
    },
  };
}

/** An Xauthority entry for any display (FamilyWild): family, address, number, name, key, each after its length. */
function keyFile(cookie: Buffer): Buffer {
  const field = (content: Buffer) => Buffer.concat([Buffer.from([content.length >> 8, content.length & 255]), content]);
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie];
  return Buffer.concat([Buffer.from([0xff, 0xff]), ...fields.map(field)]);
}
