import { z } from 'zod';
import { isTimeZone } from '#engine';

/** The page of WhatsApp itself. */
export const whatsappUrl = 'https://web.whatsapp.com/';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const time = z
  .string()
  .regex(/^\d+[smhd]$/, 'a duration such as 8s, 2m or 1h')
  .transform(milliseconds);
const span = z
  .string()
  .regex(/^\d+[smhd]\.\.\d+[smhd]$/, 'two durations such as 8s..25s')
  .transform((text) => {
    const [least = '0s', most = '0s'] = text.split('..');
    return { least: milliseconds(least), most: milliseconds(most) };
  })
  .refine(({ least, most }) => least <= most && most <= 60_000, 'the shorter one first, and no more than 60s');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 21:00');

/** Milliseconds. */
const shortestSettle = 4 * 60_000;

/** `kind: whatsapp-web` of a channel. Durations are milliseconds once read. */
export const settingsSchema = z
  .strictObject({
    /** Another page, on this machine alone: the stand-in. */
    url: z
      .url('a URL')
      .refine(
        (text) => text === whatsappUrl || isStandIn(text),
        `${whatsappUrl}, or a stand-in on this machine: http://127.0.0.1:8090/`,
      )
      .default(whatsappUrl),
    /** Folder of the browser's profile: whoever has it has the account. */
    profile: z.string().optional(),
    /** How long a message may wait for its tick before it is unclear. */
    tick: time.prefault('60s'),
    /** After so long a message that is not in its chat did not go. */
    settle: time.prefault('5m'),
    /** How long the chats may load, and how long a page may show nothing that is known. */
    load: time.prefault('2m'),
    strange: time.prefault('30s'),
    /** Between two messages; the pause is chosen anew each time. */
    gap: span.prefault('8s..25s'),
    /** Messages a day, and of these to people who were never written to. */
    per_day: z.int().positive().default(200),
    new_per_day: z.int().nonnegative().default(10),
    /** What the first day may send; each day after it half as much again. */
    warm_up: z.int().positive().default(20),
    /** Local hours in which nothing is sent. */
    quiet: z
      .strictObject({
        from: clock,
        until: clock,
        timezone: z.string().refine(isTimeZone, 'a time zone such as Asia/Kolkata'),
      })
      .optional(),
  })
  .refine(({ url, settle }) => isStandIn(url) || settle >= shortestSettle, {
    error: 'at least 4m: it begins with an attempt, and that may take three minutes',
    path: ['settle'],
  });

export type WhatsappWebSettings = z.infer<typeof settingsSchema>;

/** Whether a page is a model on this machine, which real numbers never see. */
export function isStandIn(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
}

function milliseconds(text: string): number {
  return Number.parseInt(text, 10) * units[text.at(-1) as keyof typeof units];
}
