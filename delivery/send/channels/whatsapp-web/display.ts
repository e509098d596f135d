import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { endProcess } from './processes.ts';

/** A screen for a browser where there is none, seen by nobody. */
export interface Display extends AsyncDisposable {
  /** What a program needs to be shown on it. */
  readonly env: Readonly<Record<string, string>>;
}

const program = '/usr/bin/Xvfb';

export async function canDisplay(): Promise<boolean> {
  return access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Starts Xvfb (Debian package xvfb) on a number that it finds itself, so that no two ever meet. Its key is in `home`, so
 * that nobody else on this machine sees what is shown. It ends with the last program that it shows; one that did not, of
 * a process that was killed, is ended here.
 */
export async function openDisplay(home: string): Promise<Display> {
  const pidFile = join(home, 'display.pid');
  const left = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (left > 1) await endProcess(left, home);
  const key = join(home, 'display.key');
  await writeFile(key, keyFile(randomBytes(16)), { mode: 0o600 });
  const server = spawn(
    program,
    ['-displayfd', '3', '-screen', '0', '1366x900x24', '-nolisten', 'tcp', '-terminate', '-auth', key],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'exit');
  if (server.pid !== undefined) await writeFile(pidFile, String(server.pid), { mode: 0o600 });
  // It writes the number and closes; one that cannot start closes without a word.
  const number = (await text(server.stdio[3] as Readable)).trim();
  if (!/^\d+$/.test(number)) throw new Error('Xvfb does not start');
  return {
    env: { DISPLAY: `:${number}`, XAUTHORITY: key },
    async [Symbol.asyncDispose]() {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGTERM');
        await ended;
      }
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
