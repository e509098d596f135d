import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whoever started the daemon and wants to know how it is. */
export interface Service {
  /** Milliseconds between two words that all is well. */
  readonly rhythm: number;
  ready(): Promise<void>;
  alive(status: string): Promise<void>;
}

const nobody: Service = { rhythm: 60_000, ready: async () => {}, alive: async () => {} };

/**
 * systemd, where it listens (NOTIFY_SOCKET), by its own `systemd-notify`: its socket is of a kind that Node cannot open.
 * With a watchdog (WATCHDOG_USEC) the daemon speaks three times in its time, and is started again when it falls silent.
 */
export function openService(env: Readonly<Record<string, string | undefined>>): Service {
  if (!env['NOTIFY_SOCKET']) return nobody;
  const watchdog = Number(env['WATCHDOG_USEC'] ?? 0) / 1000;
  const notify = async (...words: readonly string[]) => {
    await promisify(execFile)('systemd-notify', words);
  };
  return {
    rhythm: watchdog > 0 ? watchdog / 3 : nobody.rhythm,
    ready: () => notify('--ready'),
    alive: (status) => notify(`--status=${status}`, ...(watchdog > 0 ? ['WATCHDOG=1'] : [])),
  };
}
