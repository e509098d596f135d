/** Meta keeps an uploaded file for 30 days; ours are asked for again before that. Milliseconds. */
const keptFor = 25 * 24 * 3_600_000;

/** Files that were uploaded by this process, so that a report for a thousand people is uploaded once. */
export interface Uploads<Failure> {
  /** The id of a file, uploaded by whoever asks first; the others wait for it. A failure is forgotten and told to all of them. */
  idOf(
    sha256: string,
    upload: () => Promise<{ readonly id: string } | Failure>,
    now: Date,
  ): Promise<{ readonly id: string } | Failure>;
  /** Forgets a file that the provider says it does not have. */
  forget(sha256: string): void;
}

export function openUploads<Failure extends object>(): Uploads<Failure> {
  const known = new Map<string, { readonly at: number; readonly found: Promise<{ readonly id: string } | Failure> }>();
  return {
    async idOf(sha256, upload, now) {
      const before = known.get(sha256);
      if (before && now.getTime() - before.at < keptFor) return before.found;
      const found = upload();
      known.set(sha256, { at: now.getTime(), found });
      const settled = await found.catch((error) => {
        known.delete(sha256);
        throw error;
      });
      if (!('id' in settled)) known.delete(sha256);
      return settled;
    },
    forget: (sha256) => void known.delete(sha256),
  };
}
