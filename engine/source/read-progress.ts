import type { ReadStream } from 'node:fs';

/** How far a file has been read, in bytes as it lies on disk. */
export interface ReadProgress {
  readonly bytes: number;
  readonly of: number;
}

/** How often somebody is told, in ms. */
const often = 1_000;

/** Tells of a file's reading, once a second at most, until it is disposed. Costs nothing while the file is small. */
export function tellReading(file: ReadStream, size: number, tell: (progress: ReadProgress) => void): Disposable {
  const timer = setInterval(() => tell({ bytes: Math.min(file.bytesRead, size), of: size }), often);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
