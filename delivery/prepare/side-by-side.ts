/**
 * Does work for each item, at most so many at once, taking the next item only when there is room for it. At the first
 * failure the others are told to stop; when all have ended, that failure is thrown.
 */
export async function sideBySide<T>(
  items: Iterable<T>,
  most: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  const lane = async () => {
    for (let item = iterator.next(); !item.done; item = iterator.next()) {
      either.throwIfAborted();
      await work(item.value, either);
    }
  };
  const lanes = Array.from({ length: Math.max(1, most) }, () =>
    lane().catch((error: unknown) => {
      if (!failing.signal.aborted) failing.abort(error);
    }),
  );
  await Promise.all(lanes);
  signal.throwIfAborted();
  if (failing.signal.aborted) throw failing.signal.reason;
}
