import { createSign } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '#engine';
import { type Called, callHttp } from '../http/call.ts';

const accountSchema = z.object({
  client_email: z.string().min(1),
  private_key: z.string().includes('PRIVATE KEY'),
  token_uri: z.url(),
});
/** What a service account's key file says. */
export type ServiceAccount = z.infer<typeof accountSchema>;

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number() });
const scope = 'https://www.googleapis.com/auth/rcsbusinessmessaging';

/** Reads the text of a key file. Throws `Fault` invalid without showing it. */
export function readServiceAccount(text: string, where: string): ServiceAccount {
  let read: z.ZodSafeParseResult<ServiceAccount> | undefined;
  try {
    read = accountSchema.safeParse(JSON.parse(text));
  } catch {
    // What the parser says would quote the text.
  }
  if (read?.success) return read.data;
  throw new Fault('invalid', `${where} is not the JSON of a service account's key`, {
    hint: 'Put the whole text of the key file into the variable.',
  });
}

/** Hands out an access token, asked for anew a minute before it ends; or the call that failed. */
export type AccessTokens = (signal: AbortSignal) => Promise<{ readonly token: string } | { readonly failed: Called }>;

/** Tokens by a signed assertion: https://developers.google.com/identity/protocols/oauth2/service-account */
export function accessTokens(account: ServiceAccount, timeout: number): AccessTokens {
  let held: { readonly token: string; readonly until: number } | undefined;
  return async (signal) => {
    const now = Date.now();
    if (held !== undefined && now < held.until) return held;
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionOf(account, Math.floor(now / 1000)),
    });
    const called = await callHttp({ method: 'POST', url: account.token_uri, body, timeout }, signal);
    const read = called.kind === 'answered' && called.status === 200 ? granted.safeParse(called.body) : undefined;
    if (!read?.success) return { failed: called };
    held = { token: read.data.access_token, until: now + (read.data.expires_in - 60) * 1000 };
    return held;
  };
}

function assertionOf({ client_email, private_key, token_uri }: ServiceAccount, at: number): string {
  const claims = { iss: client_email, scope, aud: token_uri, iat: at, exp: at + 3600 };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims].map((one) =>
    Buffer.from(JSON.stringify(one)).toString('base64url'),
  );
  const signature = createSign('RSA-SHA256').update(text.join('.')).sign(private_key, 'base64url');
  return [...text, signature].join('.');
}
