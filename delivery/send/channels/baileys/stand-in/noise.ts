import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import type { KeyPair, Tools } from './tools.ts';

/** The server's end of a Noise XX handshake (25519, AES-GCM, SHA-256) and of the frames after it. */
export interface Noise {
  /** Answers a client's hello. */
  hello(clientEphemeral: Uint8Array): { readonly ephemeral: Buffer; readonly static: Buffer; readonly payload: Buffer };
  /** Reads a client's finish; after it, frames are read and written with keys of their own. */
  finish(sealedStatic: Uint8Array, sealedPayload: Uint8Array): { readonly static: Buffer; readonly payload: Buffer };
  read(frame: Uint8Array): Buffer;
  write(bytes: Uint8Array): Buffer;
}

const mode = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
/** What a client sends before its first frame: `WA`, the protocol's number, the dictionary's. */
export const intro = Buffer.from([87, 65, 6, 3]);
const none = Buffer.alloc(0);
const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** A cipher whose counter is its nonce. */
function counted(key: Buffer) {
  let count = 0;
  const iv = () => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(count++, 8);
    return bytes;
  };
  return {
    seal(bytes: Uint8Array, bound: Buffer): Buffer {
      const cipher = createCipheriv('aes-256-gcm', key, iv()).setAAD(bound);
      return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(bytes: Uint8Array, bound: Buffer): Buffer {
      const decipher = createDecipheriv('aes-256-gcm', key, iv(), { authTagLength: 16 });
      decipher.setAAD(bound).setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
    },
  };
}

export function serverNoise(curve: Tools['Curve'], identity: KeyPair, certificate: Uint8Array): Noise {
  const ephemeral = curve.generateKeyPair();
  let hash = sha256(mode, intro);
  let salt: Buffer = mode;
  let cipher = counted(mode);
  let inward = cipher;
  let outward = cipher;

  const bind = (bytes: Uint8Array) => {
    hash = sha256(hash, bytes);
  };
  const derive = (secret: Uint8Array) => {
    const both = Buffer.from(hkdfSync('sha256', secret, salt, none, 64));
    return [both.subarray(0, 32), both.subarray(32)] as const;
  };
  const mix = (secret: Uint8Array) => {
    const [next, key] = derive(secret);
    salt = next;
    cipher = counted(key);
  };
  const seal = (bytes: Uint8Array) => {
    const sealed = cipher.seal(bytes, hash);
    bind(sealed);
    return sealed;
  };
  const open = (sealed: Uint8Array) => {
    const bytes = cipher.open(sealed, hash);
    bind(sealed);
    return bytes;
  };
  let theirs: Uint8Array = none;

  return {
    hello(clientEphemeral) {
      theirs = clientEphemeral;
      bind(clientEphemeral);
      bind(ephemeral.public);
      mix(curve.sharedKey(ephemeral.private, theirs));
      const sealedStatic = seal(identity.public);
      mix(curve.sharedKey(identity.private, theirs));
      return { ephemeral: ephemeral.public, static: sealedStatic, payload: seal(certificate) };
    },

    finish(sealedStatic, sealedPayload) {
      const clientStatic = open(sealedStatic);
      mix(curve.sharedKey(ephemeral.private, clientStatic));
      const payload = open(sealedPayload);
      const [read, write] = derive(none);
      inward = counted(read);
      outward = counted(write);
      return { static: clientStatic, payload };
    },

    read: (frame) => inward.open(frame, none),
    write: (bytes) => outward.seal(bytes, none),
  };
}
