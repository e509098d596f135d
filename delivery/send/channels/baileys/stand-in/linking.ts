import { createHmac, randomBytes } from 'node:crypto';
import type { WireNode } from '../library.ts';
import type { Phone } from './phone.ts';
import type { KeyPair, Tools } from './tools.ts';

/** What a phone's word for a device is made of. */
interface Wish {
  readonly identity: Uint8Array;
  /** Both sides know it: from the scanned code, or from the typed one. */
  readonly secret: Uint8Array;
}

const leaf = (tag: string, content: Uint8Array): WireNode => ({ tag, attrs: {}, content });

/** The server's word that a phone has linked a device: signed by the phone, bound by the secret. */
export function pairSuccess(
  tools: Tools,
  phone: Phone,
  { identity, secret }: Wish,
  jid: string,
  lid: string,
): WireNode {
  const { ADVDeviceIdentity, ADVSignedDeviceIdentity, ADVSignedDeviceIdentityHMAC } = tools.proto;
  const details = ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: 1 }).finish();
  const signed = Buffer.concat([Buffer.from([6, 0]), details, identity]);
  const account = ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: phone.identity.public,
    accountSignature: tools.Curve.sign(phone.identity.private, signed),
  }).finish();
  const hmac = createHmac('sha256', secret).update(account).digest();
  return {
    tag: 'pair-success',
    attrs: {},
    content: [
      leaf('device-identity', ADVSignedDeviceIdentityHMAC.encode({ details: account, hmac }).finish()),
      { tag: 'device', attrs: { jid, lid } },
      { tag: 'platform', attrs: { name: 'android' } },
    ],
  };
}

/** What a scanned code says. */
export function readQr(text: string): Wish {
  const [, , identity = '', secret = ''] = (text.split('#')[1] ?? '').split(',');
  return { identity: Buffer.from(identity, 'base64'), secret: Buffer.from(secret, 'base64') };
}

/** A code being typed: what the phone answers, and the wish that the device's last word makes of it. */
export interface Typed {
  readonly answer: WireNode;
  finish(bundle: Uint8Array, identity: Uint8Array): Wish;
}

/** Answers a device that showed a code, by a phone into which it was typed. */
export async function typeCode(tools: Tools, phone: Phone, code: string, wrapped: Uint8Array): Promise<Typed> {
  const key = await tools.derivePairingCodeKey(code, wrapped.subarray(0, 32));
  const theirs = tools.aesDecryptCTR(wrapped.subarray(48, 80), key, wrapped.subarray(32, 48));
  const mine: KeyPair = tools.Curve.generateKeyPair();
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  const sealed = tools.aesEncryptCTR(mine.public, await tools.derivePairingCodeKey(code, salt), iv);
  const shared = tools.Curve.sharedKey(mine.private, theirs);
  return {
    answer: {
      tag: 'link_code_companion_reg',
      attrs: { stage: 'primary_hello' },
      content: [
        leaf('link_code_pairing_ref', Buffer.from('ref')),
        leaf('primary_identity_pub', phone.identity.public),
        leaf('link_code_pairing_wrapped_primary_ephemeral_pub', Buffer.concat([salt, iv, sealed])),
      ],
    },

    finish(bundle, identity) {
      const info = 'link_code_pairing_key_bundle_encryption_key';
      const bundleKey = tools.hkdf(shared, 32, { salt: Buffer.from(bundle.subarray(0, 32)), info });
      const opened = tools.aesDecryptGCM(bundle.subarray(44), bundleKey, bundle.subarray(32, 44), Buffer.alloc(0));
      const random = opened.subarray(64, 96);
      const both = tools.Curve.sharedKey(phone.identity.private, identity);
      const secret = tools.hkdf(Buffer.concat([shared, both, random]), 32, { info: 'adv_secret' });
      return { identity, secret: Buffer.from(secret) };
    },
  };
}

/** What a device that is not linked makes its codes of, one after the other. */
export function codesToShow(id: string): WireNode {
  const refs = Array.from({ length: 6 }, (_, index) => ({
    tag: 'ref',
    attrs: {},
    content: Buffer.from(`ref${index}`),
  }));
  return {
    tag: 'iq',
    attrs: { from: 's.whatsapp.net', type: 'set', id, xmlns: 'md' },
    content: [{ tag: 'pair-device', attrs: {}, content: refs }],
  };
}
