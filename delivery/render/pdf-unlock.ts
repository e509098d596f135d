import { createDecipheriv, createHash } from 'node:crypto';

/** A PDF's dictionary of how it is locked; its strings one character a byte. */
export interface Lock {
  readonly version: number;
  readonly revision: number;
  /** Hash of the password and its salts, and the file's key in the password's hands. */
  readonly entry: string;
  readonly key: string;
}

/** Opens what a locked PDF holds, stream by stream and text by text. */
export type Unlock = (bytes: Uint8Array) => Uint8Array;

/**
 * Opens the lock of a PDF with its password: AES-256 of Adobe's extension level 3 to ISO 32000-1, which pdfkit writes.
 * Throws `Error` for any other lock, and where the password is not the right one.
 */
export function unlockWith(lock: Lock, password: string): Unlock {
  if (lock.version !== 5 || lock.revision !== 5) throw new Error('it is locked in another way');
  const word = Buffer.from(password.normalize('NFKC')).subarray(0, 127);
  const entry = Buffer.from(lock.entry, 'latin1');
  const hash = (salt: Uint8Array) => createHash('sha256').update(word).update(salt).digest();
  if (!hash(entry.subarray(32, 40)).equals(entry.subarray(0, 32))) throw new Error('the password does not open it');
  const key = decrypted(
    Buffer.from(lock.key, 'latin1').subarray(0, 32),
    hash(entry.subarray(40, 48)),
    Buffer.alloc(16),
    false,
  );
  return (bytes) => decrypted(bytes.subarray(16), key, bytes.subarray(0, 16), true);
}

function decrypted(bytes: Uint8Array, key: Uint8Array, begin: Uint8Array, padded: boolean): Buffer {
  const cipher = createDecipheriv('aes-256-cbc', key, begin).setAutoPadding(padded);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}
