/** A spot in a file that a person wrote. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Something wrong in what a person wrote. Problems are values: they are collected and shown all at once.
 * `code` is stable and kebab-case; `hint` says what to write instead.
 */
export interface Problem extends Place {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Why work stopped, named by what the catcher does about it:
 *   invalid      what was asked or written is wrong; shown as it is, exit 2
 *   unreachable  a server, file or network cannot be had; may be tried again
 *   failed       the work itself failed (SQL, an audit, a render); not tried again
 *   lost         somebody else holds the lease or has done newer work; step aside
 *   bug          ours; shown with a stack
 */
export type FaultCode = 'invalid' | 'unreachable' | 'failed' | 'lost' | 'bug';

export interface FaultDetail {
  readonly place?: Place;
  readonly hint?: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** The one class of the house: work that cannot go on. Outcomes that may happen are values, not faults. */
export class Fault extends Error {
  readonly code: FaultCode;
  declare readonly place?: Place;
  declare readonly hint?: string;
  readonly problems: readonly Problem[];

  constructor(code: FaultCode, message: string, detail: FaultDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'Fault';
    this.code = code;
    this.problems = detail.problems ?? [];
    if (detail.place) this.place = detail.place;
    if (detail.hint) this.hint = detail.hint;
  }
}

/** Exit codes of the commands: 1 something failed, 2 wrong usage or an invalid project. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Fault && error.code === 'invalid' ? 2 : 1;
}

/** `file:line:column`, as editors and terminals link it. */
export function showPlace(place: Place): string {
  return [place.file, place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(':');
}

/** One problem in one or two lines: where, what, and the nearest right thing. */
export function showProblem(problem: Problem): string {
  const hint = problem.hint ? `\n    ${problem.hint}` : '';
  return `${showPlace(problem)}  ${problem.severity}  ${problem.message}  [${problem.code}]${hint}`;
}

/**
 * A fault as a person should read it: no stack unless it is a bug of ours. `from` stands before its own sentence; problems
 * keep their places at the beginning of their lines.
 */
export function showFault(error: unknown, from = ''): string {
  if (!(error instanceof Fault)) {
    return `${from}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const lines = error.problems.map(showProblem);
  lines.push(`${from}${error.place ? `${showPlace(error.place)}  ` : ''}${error.message}`);
  if (error.hint) lines.push(`  ${error.hint}`);
  if (error.code === 'bug' && error.stack) lines.push(error.stack);
  return lines.join('\n');
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
