import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault, type Problem, parseYaml } from '#engine';
import { holdsPassword } from './secret.ts';

const laneName = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a name of small letters, digits, _ and -');
const setting = z.string().refine((text) => !holdsPassword(text), 'a password in plain text: write env:NAME instead');

const days = z.string().regex(/^[1-9]\d{0,4}d$/, 'a number of days such as 400d');

/** One lane: its name is what `deliver` entries call it; its kind (by default the same word) is the adapter. */
const channel = z.looseObject({ kind: z.string().optional() });

/** `delivery:` of project.yml. What a channel needs besides its kind is checked by the channel itself. */
export const deliverySchema = z.strictObject({
  files: z
    .strictObject({ type: z.literal('folder').default('folder'), path: z.string().default('var/files') })
    .prefault({}),
  recipients: z.string().default('reports/recipients.yml'),
  /** Where the world reaches the public listener: `https://reports.example.com`. */
  public_url: setting.optional(),
  /** Where that listener listens, behind a proxy that speaks TLS. */
  public_listen: z
    .string()
    .regex(/^[\w.:[\]-]+:\d+$/, 'a host and port such as 127.0.0.1:8480')
    .default('127.0.0.1:8480'),
  /** Local time of day at which owners get the day's digest; none without it. */
  digest: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 18:00')
    .optional(),
  /** A URL outside this machine that is asked for as long as the daemon is well. */
  ping: setting.optional(),
  /** How long contents, files and addresses of what has ended are kept; for ever without it. */
  retention: days.optional(),
  /** How far back `delivery restated` looks by itself. */
  restated: days.default('35d'),
  test_domains: z.array(z.string()).default([]),
  channels: z.record(laneName, channel).default({}),
});

export type DeliverySettings = z.infer<typeof deliverySchema>;

/** A channel's section of project.yml, with its kind spelled out. */
export interface ChannelSection {
  readonly name: string;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export function channelSections(settings: DeliverySettings): ChannelSection[] {
  return Object.entries(settings.channels).map(([name, { kind, ...rest }]) => ({
    name,
    kind: kind ?? name.replaceAll('_', '-'),
    settings: rest,
  }));
}

/** Where in project.yml something of a channel's section stands. */
export type PlaceInSection = (
  channel: string,
  path: readonly PropertyKey[],
) => Pick<Problem, 'file' | 'line' | 'column'>;

/** What project.yml says, and where. */
export interface PlacedSettings extends DeliverySettings {
  readonly placeOf: PlaceInSection;
}

export type ReadSettings =
  | { readonly ok: true; readonly settings: DeliverySettings; readonly placeOf: PlaceInSection }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks `delivery:` in the text of project.yml; the other keys are the engine's. */
export function parseSettings(text: string, file = 'project.yml'): ReadSettings {
  const read = parseYaml(text, z.looseObject({ delivery: deliverySchema.prefault({}) }), file);
  if (!read.ok) return { ok: false, problems: read.problems };
  const placeOf: PlaceInSection = (channel, path) => {
    return { file, ...read.placeOf(['delivery', 'channels', channel, ...path]) };
  };
  return { ok: true, settings: read.value.delivery, placeOf };
}

/** Reads `delivery:` of a project. Throws `Fault` invalid with every problem. */
export async function loadSettings(root: string): Promise<PlacedSettings> {
  const text = await readFile(join(root, 'project.yml'), 'utf8').catch((cause) => {
    throw new Fault('invalid', `no project.yml in ${root}`, { cause, hint: 'Run this in the folder of a project.' });
  });
  const read = parseSettings(text);
  if (read.ok) return { ...read.settings, placeOf: read.placeOf };
  throw new Fault('invalid', 'project.yml: delivery is not valid', { problems: read.problems });
}
