/** A file as the ledger and the channels name it: by what it holds. */
export interface StoredFile {
  readonly sha256: string;
  /** Length in bytes. */
  readonly bytes: number;
}

/** Where rendered files are kept until retention removes them. What it is asked to keep twice it keeps once. */
export interface FileStore {
  /** Keeps the bytes durably before it returns. */
  put(content: Uint8Array): Promise<StoredFile>;
  /** The bytes, checked against their name. Throws `Fault` failed when they are gone or are not what they were. */
  read(sha256: string): Promise<Uint8Array>;
  /** Takes a file away, or finds it gone. */
  remove(sha256: string): Promise<void>;
  /** Where a person finds a file: its path from the project's root. */
  pathOf(sha256: string): string;
}
