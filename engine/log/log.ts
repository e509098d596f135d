import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DestinationStream, destination, type Level, multistream, pino } from 'pino';

/** Structured log lines: facts first, then a sentence. Never personal data: ids, counts, states and times only. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  /** The same log with facts that every line shall carry. */
  child(facts: object): Log;
}

/** Keys whose values never reach a log, at any depth up to two. */
const secretKeys = ['password', 'token', 'secret', 'url', 'authorization', 'email', 'phone', 'address', 'body'];
const redact = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * Opens the log `var/log/<name>.jsonl` (0600, appended, each line flushed) and, from `terminal` level up, the same JSON
 * lines on standard error.
 */
export function openLog(root: string, name: string, terminal: Level | 'silent' = 'warn'): Log {
  const folder = join(root, 'var', 'log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = destination({ dest: join(folder, `${name}.jsonl`), append: true, sync: true, mode: 0o600 });
  const streams: { level: Level; stream: DestinationStream }[] = [{ level: 'debug', stream: file }];
  if (terminal !== 'silent') streams.push({ level: terminal, stream: destination({ dest: 2, sync: true }) });
  return pino(
    {
      level: 'debug',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redact, censor: '[redacted]' },
    },
    multistream(streams),
  );
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
