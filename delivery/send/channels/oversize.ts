import type { MessageFile } from '../../enqueue/message.ts';

/** Which files a mail carries and which it only links. */
export interface Fitting {
  readonly carried: readonly MessageFile[];
  readonly linked: readonly MessageFile[];
}

/** Base64 with its line ends makes 57 bytes of a file 78 of a mail. */
const onTheWire = (bytes: number) => Math.ceil(bytes / 57) * 78;

/** The largest file that has at most so many bytes in a mail. */
export const mostBytes = (limit: number) => Math.floor(limit / 78) * 57;

/** Carries files in their order as long as they fit into `limit` bytes of mail, and links the others. */
export function fitInto(files: readonly MessageFile[], limit: number): Fitting {
  const carried: MessageFile[] = [];
  const linked: MessageFile[] = [];
  let left = limit;
  for (const file of files) {
    const bytes = onTheWire(file.bytes);
    if (bytes <= left) {
      carried.push(file);
      left -= bytes;
    } else linked.push(file);
  }
  return { carried, linked };
}
