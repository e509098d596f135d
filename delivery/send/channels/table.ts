import { z } from 'zod';
import { didYouMean, Fault, type Problem } from '#engine';
import { type ChannelSection, channelSections, type PlacedSettings } from '../../config/settings.ts';
import type { Lane } from '../../edition/lane.ts';
import type { Channel, ChannelKind, ChannelKindName, ChannelTools } from '../channel.ts';
import { baileys } from './baileys/baileys.ts';
import { email } from './email.ts';
import { fileDrop } from './file-drop.ts';
import { rcs } from './rcs/rcs.ts';
import { twilio } from './twilio/twilio.ts';
import { whatsappCloud } from './whatsapp-cloud/whatsapp-cloud.ts';
import { whatsappWeb } from './whatsapp-web/whatsapp-web.ts';

/** A configured channel: what planning needs of it, and the way to open it. */
export interface ConfiguredChannel extends Lane {
  readonly parallel: number;
  open(tools: ChannelTools): Channel;
}

type Configure = (section: ChannelSection, publicUrl: boolean) => ConfiguredChannel | SectionProblem[];

/** What is wrong with a section, and where in it. */
interface SectionProblem extends Pick<Problem, 'code' | 'message' | 'hint'> {
  readonly path: readonly PropertyKey[];
}

/** The table of channels: an adapter that is left out does not compile. */
const kinds: Readonly<Record<ChannelKindName, Configure>> = {
  email: configurable(email),
  'file-drop': configurable(fileDrop),
  'whatsapp-cloud': configurable(whatsappCloud),
  twilio: configurable(twilio),
  rcs: configurable(rcs),
  'whatsapp-web': configurable(whatsappWeb),
  baileys: configurable(baileys),
};

/** Finds the adapters of a project's channels and checks what is set for them. Throws `Fault` invalid with every problem at its line. */
export function configureChannels(settings: PlacedSettings): ReadonlyMap<string, ConfiguredChannel> {
  const configured = new Map<string, ConfiguredChannel>();
  const problems: Problem[] = [];
  for (const section of channelSections(settings)) {
    const found = isKind(section.kind)
      ? kinds[section.kind](section, settings.public_url !== undefined)
      : [unknownKind(section)];
    if (!Array.isArray(found)) configured.set(section.name, found);
    else {
      for (const { path, ...problem } of found) {
        problems.push({ ...settings.placeOf(section.name, path), severity: 'error', ...problem });
      }
    }
  }
  if (problems.length > 0) throw new Fault('invalid', 'project.yml: delivery.channels is not valid', { problems });
  return configured;
}

function configurable<S>(kind: ChannelKind<S>): Configure {
  return ({ name, settings }, publicUrl) => {
    const where = `delivery.channels.${name}`;
    const read = kind.settings.safeParse(settings);
    if (!read.success) return read.error.issues.flatMap((issue) => problemsOf(issue, where, kind.settings));
    if (!publicUrl && kind.needsPublicUrl?.(read.data)) {
      const message = `${where} needs public_url`;
      const hint = 'Set delivery.public_url to where the world reaches public_listen; docs/phones.md says how.';
      return [{ path: [], code: 'needs-public-url', message, hint }];
    }
    const { address, parallel } = kind;
    const split = typeof kind.split === 'function' ? kind.split(read.data) : kind.split;
    const fileLimit = kind.fileLimit?.(read.data);
    const limit = fileLimit === undefined ? {} : { fileLimit };
    const links = publicUrl && kind.linksOversize === true;
    return { name, address, split, ...limit, links, parallel, open: (tools) => kind.open(name, read.data, tools) };
  };
}

function problemsOf(issue: z.core.$ZodIssue, where: string, schema: z.ZodType): SectionProblem[] {
  const { path } = issue;
  const at = [where, ...path].join('.');
  if (issue.code !== 'unrecognized_keys') {
    const missing = issue.code === 'invalid_type' && issue.input === undefined;
    if (missing) return [{ path, code: 'missing-key', message: `missing key "${at}"` }];
    return [{ path, code: 'invalid-value', message: `${at}: ${issue.message}` }];
  }
  const known = path.length === 0 && schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return issue.keys.map((key) => {
    const hint = didYouMean(key, known);
    return {
      path: [...path, key],
      code: 'unknown-key',
      message: `${at}: unknown key "${key}"`,
      ...(hint ? { hint } : {}),
    };
  });
}

function unknownKind({ name, kind }: ChannelSection): SectionProblem {
  const hint = didYouMean(kind, Object.keys(kinds));
  const message = `delivery.channels.${name}: there is no channel of kind "${kind}"`;
  return { path: ['kind'], code: 'unknown-kind', message, ...(hint ? { hint } : {}) };
}

function isKind(word: string): word is ChannelKindName {
  return Object.hasOwn(kinds, word);
}
