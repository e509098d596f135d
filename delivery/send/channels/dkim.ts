import { createPrivateKey } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Fault } from '#engine';

/** A key that a domain's mails are signed with; its public half is at `<selector>._domainkey.<domain>`. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** What RFC 6376 names and RFC 8058 wants signed besides: both headers of the one click. */
const fields =
  'from:sender:reply-to:to:cc:subject:date:message-id:mime-version:content-type:content-transfer-encoding:auto-submitted:list-unsubscribe:list-unsubscribe-post';

/** Checks a key of the environment, where line ends may be written `\n`. Throws `Fault` invalid without showing it. */
export function readDkimKey(pem: string, where: string): string {
  const privateKey = pem.replaceAll('\\n', '\n');
  try {
    if (createPrivateKey(privateKey).asymmetricKeyType === 'rsa') return privateKey;
  } catch {
    // Said below, with what else is no RSA key.
  }
  throw new Fault('invalid', `${where} is not an RSA key`, {
    hint: 'Make one by "openssl genrsa 2048", and put its text into the environment.',
  });
}

/** A mail with its signature (RFC 6376) before it. */
export async function withDkim(mail: Buffer, { domain, selector, privateKey }: DkimKey): Promise<Buffer> {
  const { default: DKIM } = await import('nodemailer/lib/dkim');
  const signer = new DKIM({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: fields });
  return buffer(signer.sign(mail));
}
