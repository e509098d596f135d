import { z } from 'zod';
import { isTimeZone } from '#engine';
import { isLocale } from '../report/locale.ts';
import { formats } from '../report/schema.ts';
import { quietHours } from './quiet-hours.ts';

/** A name for a person that stays when address and name change: it is part of the key that prevents a second message. */
export const recipientId = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u, 'an id without spaces');
const email = z.email('an e-mail address');
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'a phone number with its country, such as +919812345678');
/** A chat by its exact name, for channels that know chats by name. */
const whatsapp = z.string().regex(/^(contact|group):\s*\S.*$/, '"contact:" or "group:" and the exact name of the chat');

const format = z.enum(formats);
/** A list, or as a query's column has it: `pdf, xlsx`. */
const formatsWanted = z.union(
  [
    z.array(format).min(1),
    z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
      .pipe(z.array(format).min(1)),
  ],
  `formats of ${formats.join(', ')}`,
);

/** What is known of a person besides the id. */
export const recipientSchema = z
  .strictObject({
    name: z.string().optional(),
    email: email.optional(),
    phone: phone.optional(),
    whatsapp: whatsapp.optional(),
    /** The person reads in it, where the report can be written so. */
    locale: z.string().refine(isLocale, 'a locale such as hi or en-IN').optional(),
    /** Of the person's quiet hours; by default the project's. */
    timezone: z.string().refine(isTimeZone, 'a time zone such as Asia/Kolkata').optional(),
    quiet_hours: quietHours.optional(),
    /** Formats the person wants files in, where the report has them. */
    formats: formatsWanted.optional(),
  })
  .refine(({ whatsapp, phone, email }) => !whatsapp?.startsWith('group:') || (phone ?? email) === undefined, {
    error: 'a group is one address: it has neither phone nor e-mail',
    path: ['whatsapp'],
  });

/** Somebody who gets a message. */
export interface Recipient extends z.infer<typeof recipientSchema> {
  readonly id: string;
}

/** What a channel needs to know of a recipient: the id is for channels that write into folders, `whatsapp` a phone unless a chat is named. */
export type AddressKind = 'email' | 'phone' | 'whatsapp' | 'id';

export function addressOf(recipient: Recipient, kind: AddressKind): string | undefined {
  return recipient[kind] ?? (kind === 'whatsapp' ? recipient.phone : undefined);
}

/** What an address of a kind must be; undefined where the text is one. */
export function faultOfAddress(kind: AddressKind, text: string): string | undefined {
  const whole = {
    email,
    phone,
    whatsapp: z.union([phone, whatsapp], 'a phone number, or "contact:" or "group:" and a name'),
    id: recipientId,
  };
  return whole[kind].safeParse(text).error?.issues[0]?.message;
}
