import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Xvfb from 'xvfb';

/** A running Xvfb that is ours. */
export interface XvfbServer {
  /** Of its display. */
  readonly number: number;
  /** Returns when it has ended. */
  end(): Promise<void>;
}

/** Display numbers that are tried, from the package's own first one on: each but ours may be another's. */
const numbers = { first: 99, last: 598 };
/** Servers that may die at their start, each because its number was taken meanwhile, before it is called a failure. */
const deaths = 20;
/** Milliseconds for a server to come up, or to go. */
const timeout = 10_000;

/** Whether there is an Xvfb on the PATH. */
export async function hasXvfb(): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, 'Xvfb'), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/**
 * Starts Xvfb on a number that nobody has, and returns when programs may come; `started` is told its process before that.
 * The package takes a number whose lock is not there yet, and any lock that is there then for its own server's: of two at
 * once, both believe to have it. A lock names its server's process, so we look.
 */
export async function startXvfb(args: readonly string[], started: (pid: number) => Promise<void>): Promise<XvfbServer> {
  let died = 0;
  for (let number = numbers.first; number <= numbers.last && died < deaths; number += 1) {
    const child = await spawnOn(number, args);
    if (child?.pid === undefined) continue;
    const ended = hasEnded(child) ? undefined : once(child, 'exit');
    const end = async () => {
      child.kill('SIGTERM');
      await ended;
    };
    await started(child.pid);
    if (await isUp(number, child)) return { number, end };
    await end();
    died += 1;
  }
  throw new Error('Xvfb does not start');
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Waits until a server has the number and lets programs in; false when it ended before. */
async function isUp(number: number, server: ChildProcess): Promise<boolean> {
  for (let waited = 0; waited < timeout && !hasEnded(server); waited += 20) {
    const lock = await readFile(`/tmp/.X${number}-lock`, 'utf8').catch(() => '');
    if (Number(lock) === server.pid && (await isListening(`/tmp/.X11-unix/X${number}`))) return true;
    await pause(20);
  }
  return false;
}

/** Whether somebody listens there, by the system's own list (proc(5)): a client that came to look would end the server as it goes. */
async function isListening(path: string): Promise<boolean> {
  const sockets = await readFile('/proc/net/unix', 'utf8');
  return sockets.split('\n').some((line) => line.includes(' 00010000 ') && line.endsWith(` ${path}`));
}

/** The server's process; undefined where the number is taken, or no server comes up on it. */
function spawnOn(number: number, args: readonly string[]): Promise<ChildProcess | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess | undefined>();
  const xvfb = new Xvfb({ displayNum: number, silent: true, timeout, xvfb_args: args });
  keepingDisplay(() =>
    xvfb.start((error) => {
      if (error === null) return resolve(xvfb._process ?? undefined);
      if ('code' in error) return reject(error);
      // One that is slower than that may still be at it.
      keepingDisplay(() => xvfb.stop(() => resolve(undefined)));
    }),
  );
  return promise;
}

/** The package changes this process's DISPLAY; ours is told to the one program that is shown there, and to no other. */
function keepingDisplay(change: () => void): void {
  const before = process.env['DISPLAY'];
  try {
    change();
  } finally {
    if (before === undefined) delete process.env['DISPLAY'];
    else process.env['DISPLAY'] = before;
  }
}
