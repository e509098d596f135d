/** What a delivery status says of one recipient (RFC 3464 2.3). */
export interface StatusReport {
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  readonly action: string;
  /** `5.1.1` (RFC 3463). */
  readonly status: string;
  /** Where it failed, in small letters; another than it was sent to where somebody forwards or a list is expanded. */
  readonly final: string | undefined;
  /** What it was sent to, where that is told. */
  readonly original: string | undefined;
  /** The refusing server's own words. */
  readonly diagnostic: string | undefined;
}

/** Reads the text of a delivery status: groups of fields divided by empty lines, the first about the mail as a whole. */
export function reportsIn(text: string): StatusReport[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.has('action'))
    .map((fields) => {
      // "Failed (smtp; 550)", "5.1.1 (bad mailbox)": comments are allowed everywhere.
      const first = (name: string) => fields.get(name)?.split(/[\s(;]/)[0] ?? '';
      return {
        action: first('action').toLowerCase(),
        status: first('status'),
        final: addressIn(fields.get('final-recipient')),
        original: addressIn(fields.get('original-recipient')),
        diagnostic: fields.get('diagnostic-code')?.replace(/^[^;\s]*;\s*/, ''),
      };
    });
}

function fieldsOf(group: string): ReadonlyMap<string, string> {
  const lines = group.replace(/\n[ \t]+/g, ' ').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
    }),
  );
}

/** `rfc822; asha@example.com` */
function addressIn(field: string | undefined): string | undefined {
  const address = field?.replace(/^[^;]*;\s*/, '').replace(/^<|>$/g, '');
  return address?.includes('@') ? address.toLowerCase() : undefined;
}

/**
 * Whether nobody will ever be at the address, by the code (RFC 3463: no such mailbox, no such domain, moved, disabled;
 * 5.1.10 of Exchange: the domain takes no mail), or where the code says nothing, by the words. A full mailbox, a refused
 * content or a time that ran out is no reason not to write again.
 */
export function isGoneForGood(status: string, words: string): boolean {
  if (/^5\.(1\.[1236]|1\.10|2\.1)$/.test(status)) return true;
  const vague = /^(5\.0\.0|5\.1\.0|5\.[45]\.0|5|)$/.test(status);
  return (
    vague &&
    /\b5\.1\.1\b|user (is )?unknown|unknown user|no such (user|mailbox|recipient)|mailbox (not found|unavailable: no)|does not exist|recipient not found/i.test(
      words,
    )
  );
}
