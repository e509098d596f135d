import type { Entry } from '#engine';

/** Every command of `delivery`; a file each, loaded only when it is called. */
export const commands: Readonly<Record<string, Entry>> = {
  run: { summary: 'makes a slot of a report and sends it, once', load: () => import('./run.ts') },
  plan: { summary: 'shows every message that would go, and why', load: () => import('./plan.ts') },
  preview: { summary: 'puts files and texts of a slot into a folder', load: () => import('./preview.ts') },
  daemon: { summary: 'opens slots when they are due, and sends', load: () => import('./daemon.ts') },
  sender: { summary: 'sends in one channel only, as a process of its own', load: () => import('./sender.ts') },
  simulate: { summary: 'what the daemon would do over a stretch of virtual time', load: () => import('./simulate.ts') },
  status: { summary: 'counts messages by state and report', load: () => import('./status.ts') },
  log: { summary: 'prints the trail of slots and messages', load: () => import('./log.ts') },
  restated: { summary: 'sent reports whose numbers have changed since', load: () => import('./restated.ts') },
  retry: { summary: 'sends again what failed or was cancelled', load: () => import('./retry.ts') },
  cancel: { summary: 'takes back what still waits', load: () => import('./cancel.ts') },
  settle: { summary: 'says or looks up what became of unclear messages', load: () => import('./settle.ts') },
  suppressions: { summary: 'addresses that are not written to', load: () => import('./suppressions.ts') },
  pair: { summary: 'links a phone to a channel', load: () => import('./pair.ts') },
  hold: { summary: 'stops all sending', load: () => import('./hold.ts') },
  release: { summary: 'lets sending go on', load: () => import('./release.ts') },
  purge: { summary: 'takes away what retention no longer keeps', load: () => import('./purge.ts') },
};

/** The engine checks reports, too, and knows what they read. */
export const elsewhere: Readonly<Record<string, string>> = {
  check: 'engine check',
  ls: 'engine ls --select report:NAME',
  schema: 'engine schema report',
  show: 'delivery preview',
  send: 'delivery run',
};
