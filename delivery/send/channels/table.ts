import { didYouMean, Fault } from '#engine';
import type { ChannelSection } from '../../config/settings.ts';
import type { Lane } from '../../edition/lane.ts';
import type { Channel, ChannelKind, ChannelKindName, ChannelTools } from '../channel.ts';
import { baileys } from './baileys/baileys.ts';
import { email } from './email.ts';
import { fileDrop } from './file-drop.ts';

/** A configured channel: what planning needs of it, and the way to open it. */
export interface ConfiguredChannel extends Lane {
  readonly parallel: number;
  open(tools: ChannelTools): Channel;
}

type Configure = (section: ChannelSection, where: string) => ConfiguredChannel;

/** The table of channels: an adapter that is left out does not compile. */
const kinds: Readonly<Record<ChannelKindName, Configure>> = {
  email: configurable(email),
  'file-drop': configurable(fileDrop),
  baileys: configurable(baileys),
};

/** Finds a section's adapter and checks its settings. Throws `Fault` invalid, naming the key and the nearest right word. */
export function configureChannel(section: ChannelSection): ConfiguredChannel {
  const where = `delivery.channels.${section.name}`;
  if (!isKind(section.kind)) {
    const hint = didYouMean(section.kind, Object.keys(kinds));
    throw new Fault('invalid', `${where}: there is no channel of kind "${section.kind}"`, hint ? { hint } : {});
  }
  return kinds[section.kind](section, where);
}

function configurable<S>(kind: ChannelKind<S>): Configure {
  return ({ name, settings }, where) => {
    const read = kind.settings.safeParse(settings);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new Fault('invalid', `${[where, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not valid'}`);
    }
    const { address, split, parallel } = kind;
    return { name, address, split, parallel, open: (tools) => kind.open(name, read.data, tools) };
  };
}

function isKind(word: string): word is ChannelKindName {
  return Object.hasOwn(kinds, word);
}
