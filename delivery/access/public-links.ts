import { signLink } from '../files/signed-link.ts';
import { ownersReport } from '../ledger/troubles.ts';
import type { PublicLinks } from '../send/channel.ts';

/** How long a link to a file works, in milliseconds. Mails say so. */
const fileDays = 14 * 24 * 3_600_000;

/** The links that go with parts, behind the project's public URL; none where it has no such URL. */
export function publicLinks(publicUrl: string | undefined, secret: () => Promise<string>): PublicLinks {
  const base = publicUrl?.replace(/\/+$/, '');
  return {
    async unsubscribe({ reference, report }) {
      // Whoever answers for reports cannot unsubscribe from what goes wrong with them.
      if (base === undefined || report === ownersReport) return undefined;
      return `${base}/u/${signLink(await secret(), { kind: 'unsubscribe', reference })}`;
    },
    async file({ sha256, name, mediaType }) {
      if (base === undefined) return undefined;
      const expires = Date.now() + fileDays;
      return `${base}/f/${signLink(await secret(), { kind: 'file', sha256, name, mediaType, expires })}`;
    },
  };
}
