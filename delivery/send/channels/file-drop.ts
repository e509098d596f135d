import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '#engine';
import type { ChannelKind, Part, SendOutcome } from '../channel.ts';

const settings = z.strictObject({ path: z.string() });

/**
 * Puts each file into a folder, one folder a recipient: `<path>/<recipient>/<name> [<reference>].pdf`. A file appears
 * whole or not at all, and never twice: its name carries the part's reference, and a name that is there is not written
 * again but taken as the proof that it was.
 */
export const fileDrop: ChannelKind<z.infer<typeof settings>> = {
  settings,
  address: 'id',
  split: 'by-file',
  parallel: 1,
  open(_name, { path }, { files, root }) {
    const folderOf = (part: Part) => join(resolve(root, path), safeName(part.address));
    return {
      async send(part, stillMine, signal) {
        const folder = folderOf(part);
        const name = nameOf(part);
        const aside = join(folder, `${asideOf(part)}${randomUUID()}.tmp`);
        try {
          const [file] = part.content.attachments;
          const content = file ? await files.read(file.sha256) : new TextEncoder().encode(part.content.text);
          await mkdir(folder, { recursive: true, mode: 0o700 });
          await clearAside(folder, part);
          await writeAside(aside, content);
          signal.throwIfAborted();
          if (!(await stillMine())) return { kind: 'later', reason: 'the lease was lost', scope: 'lane' };
          return await publish(aside, folder, name);
        } catch (error) {
          return { kind: 'later', reason: reasonOf(error), scope: 'lane' };
        } finally {
          await rm(aside, { force: true });
        }
      },

      async find(part) {
        const names = await clearAside(folderOf(part), part);
        const name = names.find((one) => one.includes(`[${part.reference}]`));
        return name === undefined ? { kind: 'not-sent' } : { kind: 'sent', providerId: name };
      },

      [Symbol.asyncDispose]: async () => {},
    };
  },
};

/** Gives a finished file its name. A link, unlike a rename, fails where the name is taken: then it was written before. */
async function publish(aside: string, folder: string, name: string): Promise<SendOutcome> {
  try {
    await link(aside, join(folder, name));
    await flush(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return { kind: 'unclear', reason: reasonOf(error) };
  }
  return { kind: 'accepted', providerId: name };
}

/** `Daily sales 2021-12-21 [06NRMA4XE37G].pdf`; a part without a file is its words as a text. */
function nameOf(part: Part): string {
  const { name } = part.content.attachments[0] ?? { name: `${part.content.subject || part.report}.txt` };
  const { name: stem, ext } = parse(safeName(name));
  return `${shortened(stem)} [${part.reference}]${ext}`;
}

/** Bytes of a name before its reference and extension: file systems take 255 in all. */
const longest = 200;
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Of a long name the middle goes: the end says which day and whose it is. */
function shortened(stem: string): string {
  if (Buffer.byteLength(stem) <= longest) return stem;
  const signs = Array.from(letters.segment(stem), ({ segment }) => segment);
  const half = (longest - Buffer.byteLength('…')) / 2;
  return `${within(signs, half).join('')}…${within(signs.toReversed(), half).toReversed().join('')}`;
}

/** As many of the first signs as so many bytes hold. */
function within(signs: readonly string[], bytes: number): readonly string[] {
  let left = bytes;
  const end = signs.findIndex((sign) => {
    left -= Buffer.byteLength(sign);
    return left < 0;
  });
  return end < 0 ? signs : signs.slice(0, end);
}

/** How the names begin under which a part's file is written before it is whole. */
const asideOf = (part: Part) => `.${part.reference}.`;

/** Removes what a killed process left of a part, and returns the other names in the folder. */
async function clearAside(folder: string, part: Part): Promise<string[]> {
  const names = await readdir(folder).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const left = names.filter((name) => name.startsWith(asideOf(part)));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  return names.filter((name) => !left.includes(name));
}

/** A name that leads out of no folder. */
function safeName(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a file name
  return text.replace(/[/\\:*?"<>|\u0000-\u001f]/g, '-').replace(/^\.+/, '') || '-';
}

async function writeAside(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flush(folder: string): Promise<void> {
  const entry = await open(folder, 'r');
  await entry.sync().finally(() => entry.close());
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** The system's code, because its message would name the recipient's folder in a log. */
function reasonOf(error: unknown): string {
  return codeOf(error) ?? messageOf(error);
}
