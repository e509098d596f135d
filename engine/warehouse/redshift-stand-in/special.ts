import type { Frame } from './wire.ts';

/** The objects that COPY and UNLOAD reach, by `s3://bucket/key`. */
export interface Bucket {
  get(url: string): Promise<Buffer | undefined>;
  put(url: string, content: Buffer): Promise<void>;
  list(prefix: string): Promise<readonly string[]>;
}

/** What the statements that PostgreSQL has no like of are performed with. */
export interface SpecialTools {
  aside(...buffers: readonly Buffer[]): Promise<Frame[]>;
  readonly bucket: Bucket | undefined;
  /** Of the session: I idle, T in a transaction, E in one that failed. */
  status(): string;
}
