import type { Build, Load, Pass, Recorded } from '../plan/record.ts';
import type { Range } from '../time/range.ts';
import type { RelationName } from '../warehouse/catalogue.ts';
import type { Session } from '../warehouse/database.ts';

/** A build about to be recorded; its sequence is given inside the publishing transaction. */
export interface NewBuild extends Omit<Build, 'sequence'> {
  readonly grain?: string;
  readonly timezone?: string;
  readonly rows: number;
  readonly checksum?: string;
  readonly runId: string;
}

export interface NewLoad extends Omit<Load, 'sequence'> {
  /** What tells each day's lines from others; asked for again only when the file has changed. */
  readonly days?: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly runId: string;
}

/** Where a table of the project stands in the environment that is built, by its name in the project. */
export type Own = (name: string) => RelationName;

/** What steps need of the record. Implemented by `record/`, in the warehouse, so that it commits with the rows. */
export interface Recorder {
  /** Everything recorded about these names, as of one moment. */
  read(session: Session, names: readonly string[]): Promise<Recorded>;
  /**
   * Called in the publishing transaction, after the target is locked: throws `Fault` lost when a build later than
   * `seen` overlaps the range (any later one, where there is no range). Returns the next sequence.
   */
  fence(tx: Session, name: string, seen: number, range?: Range): Promise<number>;
  /** Records a build; the last statement before commit. */
  addBuild(tx: Session, build: NewBuild, sequence: number): Promise<void>;
  addLoad(tx: Session, load: NewLoad, sequence: number): Promise<void>;
  /** Records that published rows have passed audits. A pass names its build, so that newer rows never count by it. */
  addPasses(session: Session, passes: readonly Pass[], runId: string): Promise<void>;
  /** What was recorded of the days of a file's latest load; nothing, for a file that has none. */
  daysOf(session: Session, source: string, file: string): Promise<Readonly<Record<string, string>>>;
  /** What is recorded under the id of a build or load; nothing, when that transaction never happened. */
  find(tx: Session, id: string): Promise<{ readonly builds: readonly Build[]; readonly loads: readonly Load[] }>;
}

/** Disposed, it is given back. `waited`: somebody else had it until now, and may have done the work. */
export interface Lease extends AsyncDisposable {
  readonly waited: boolean;
}

/** One run at a time works on a model. It saves work and nothing else: what keeps tables right is the fence. */
export interface Leases {
  hold(name: string, signal: AbortSignal): Promise<Lease>;
}
