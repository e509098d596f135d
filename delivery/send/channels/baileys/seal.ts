import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Fault } from '#engine';

/** Makes values unreadable where they are kept, and readable again. `place` binds a value to where it belongs. */
export interface Seal {
  close(text: string, place: string): string;
  /** Throws `Fault` invalid where the value was closed with another key, or was moved. */
  open(value: string, place: string): string;
}

const algorithm = 'aes-256-gcm';
const closed = 'sealed:';

/** A seal by a key (any text of 16 signs and more); without one, values are kept as they are. */
export function sealOf(key: string | undefined): Seal {
  const secret = key === undefined ? undefined : createHash('sha256').update(`tiffin session\n${key}`).digest();
  return {
    close(text, place) {
      if (secret === undefined) return text;
      const iv = randomBytes(12);
      const cipher = createCipheriv(algorithm, secret, iv).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return closed + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },

    open(value, place) {
      if (!value.startsWith(closed)) return value;
      const hint = 'Set session_key to what it was when the phone was linked, or pair the lane again.';
      if (secret === undefined)
        throw new Fault('invalid', 'the session is sealed, and there is no session_key', { hint });
      const bytes = Buffer.from(value.slice(closed.length), 'base64');
      try {
        const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(12, 28));
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new Fault('invalid', 'the session cannot be opened with this session_key', { cause, hint });
      }
    },
  };
}
