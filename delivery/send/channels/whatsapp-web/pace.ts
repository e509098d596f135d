import { civilDayAt, startOfDay } from '#engine';
import { quietUntil } from '../../../people/quiet-hours.ts';
import type { SendOutcome } from '../../channel.ts';
import type { WhatsappWebSettings } from './settings.ts';

/** A message that was about to be sent. */
export interface Sent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** To a chat in which nothing was yet. */
  readonly fresh: boolean;
}

export type PaceRules = Pick<WhatsappWebSettings, 'gap' | 'per_day' | 'new_per_day' | 'warm_up' | 'quiet'>;

/** Send after so many milliseconds, or later; what waits for its hour is neither a failure nor trouble. */
export type Pace = { readonly kind: 'go'; readonly wait: number } | Extract<SendOutcome, { kind: 'later' }>;

/**
 * Whether a lane may send now: outside its quiet hours, within the day's number, which grows by half with each day that
 * something was sent on, and at least a gap after the last. `random` in [0, 1) chooses the gap. `fresh`: to a chat in
 * which nothing was yet; undefined where the chat is not open yet.
 */
export function paceOf(sent: readonly Sent[], rules: PaceRules, now: Date, random: number, fresh?: boolean): Pace {
  const later = (reason: string, at: Date): Pace => ({ kind: 'later', reason, at, scope: 'pace' });
  const { quiet } = rules;
  const timezone = quiet?.timezone ?? 'UTC';
  const dayOf = (at: number) => civilDayAt(timezone, at);
  const loud = quiet && quietUntil(quiet, now);
  if (loud) return later('quiet hours', loud);
  const today = dayOf(now.getTime());
  const tomorrow = () => new Date(startOfDay(timezone, today + 1));
  const todays = sent.filter(({ at }) => dayOf(at) === today);
  const daysBefore = new Set(sent.map(({ at }) => dayOf(at)).filter((day) => day !== today)).size;
  const allowed = Math.min(rules.per_day, Math.floor(rules.warm_up * 1.5 ** Math.min(daysBefore, 40)));
  if (todays.length >= allowed) return later(`${allowed} messages have gone today`, tomorrow());
  if (fresh && todays.filter((one) => one.fresh).length >= rules.new_per_day) {
    return later(`${rules.new_per_day} new contacts were written to today`, tomorrow());
  }
  const last = sent.at(-1)?.at ?? 0;
  const gap = rules.gap.least + random * (rules.gap.most - rules.gap.least);
  return { kind: 'go', wait: Math.max(0, Math.min(gap, last + gap - now.getTime())) };
}
