/**
 * Sets the time of every entry of a zip archive to one instant (in UTC, to two seconds), in place; so the same content
 * gives the same bytes. Throws `RangeError` when the bytes are no zip archive.
 */
export function dateZip(bytes: Uint8Array, at: Date): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const day = ((Math.max(at.getUTCFullYear(), 1980) - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const end = endOfDirectory(view);
  const entries = view.getUint16(end + 10, true);
  let entry = view.getUint32(end + 16, true);
  for (let count = 0; count < entries; count++) {
    if (view.getUint32(entry, true) !== 0x02014b50) throw new RangeError('no entry in the directory of the archive');
    const local = view.getUint32(entry + 42, true);
    view.setUint16(entry + 12, time, true);
    view.setUint16(entry + 14, day, true);
    view.setUint16(local + 10, time, true);
    view.setUint16(local + 12, day, true);
    entry +=
      46 + view.getUint16(entry + 28, true) + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
}

function endOfDirectory(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0; at--) if (view.getUint32(at, true) === 0x06054b50) return at;
  throw new RangeError('not a zip archive');
}
