import { join } from 'node:path';
import { loadTools } from './install.ts';

/**
 * Started before a command of ours (`--import`), it leads the Baileys of its project to a stand-in: only the server's
 * address and the issuer that its certificate must have are other than those of WhatsApp.
 */
const { TIFFIN_STAND_IN: place } = process.env;
if (place !== undefined) {
  const { url, issuer, root } = JSON.parse(place) as Record<'url' | 'issuer' | 'root', string>;
  lead(await loadTools(join(root, 'var', 'baileys')), url, issuer);
}

function lead(tools: Awaited<ReturnType<typeof loadTools>>, url: string, issuer: string): void {
  tools.DEFAULT_CONNECTION_CONFIG.waWebSocketUrl = url;
  tools.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(issuer, 'hex');
}
