import { Fault } from '../fault.ts';

/** What a server said about a statement, kept as the cause of the `Fault`. */
export interface SqlError {
  readonly kind: 'sql';
  /** SQLSTATE: five characters, `23505`. */
  readonly sqlState: string;
  readonly message: string;
  /** May hold values of a row (`Key (email)=(...) already exists.`): not for logs. */
  readonly detail?: string;
  readonly hint?: string;
  /** Where in the statement's text, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The server's account of where it was, as in `COPY sales, line 3, column amount: "x"`. May hold values. */
  readonly context?: string;
  readonly constraint?: string;
}

/** The server's own words behind an error of ours, if there are any. */
export function sqlErrorOf(error: unknown): SqlError | undefined {
  const cause = error instanceof Fault ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && (cause as SqlError).kind === 'sql'
    ? (cause as SqlError)
    : undefined;
}

/** The SQLSTATE behind an error of ours, if there is one. */
export const sqlStateOf = (error: unknown): string | undefined => sqlErrorOf(error)?.sqlState;

/**
 * What an error means for its whole transaction: `transient` may be tried again as it is (connection, serialization,
 * deadlock, throttling), `conflict` means that somebody else was there first or holds it, `permanent` fails again.
 */
export type ErrorClass = 'transient' | 'conflict' | 'permanent';

const conflicts = new Set(['23505', '23P01', '55P03', '55006']);
const transients = new Set(['40001', '40P01', '53200', '53300', '25P03']);

export function classify(error: unknown): ErrorClass {
  if (!(error instanceof Fault)) return 'permanent';
  if (error.code === 'unreachable') return 'transient';
  if (error.code === 'lost') return 'conflict';
  const sqlError = sqlErrorOf(error);
  if (!sqlError) return 'permanent';
  if (transients.has(sqlError.sqlState)) return 'transient';
  if (isRedshiftConflict(sqlError)) return 'transient';
  return conflicts.has(sqlError.sqlState) ? 'conflict' : 'permanent';
}

/**
 * Redshift tells of conflicts between transactions under the state that says nothing, in message or detail: 1023
 * (serializable isolation violation), a conflict with a concurrent transaction, a table swapped while we waited for it.
 */
function isRedshiftConflict({ sqlState, message, detail = '' }: SqlError): boolean {
  if (!/^(XX000|42P01|0A000|55000)$/.test(sqlState)) return false;
  return /\b1023\b|serializable isolation violation|conflict with concurrent transaction|could not open relation with OID|aborted by concurrent/i.test(
    `${message} ${detail}`,
  );
}

/** The fields that drivers put on an error that came from the server. */
interface ServerWords {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
  readonly constraint?: string;
}

/**
 * Whatever a driver threw, as a `Fault`: unreachable for the connection, invalid for a login that is refused, failed for
 * SQL, with its place in `text`. What is none of these comes back as it is.
 */
export function faultOf(error: unknown, text = ''): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error;
  const words = error as Error & Partial<ServerWords>;
  const state = words.code;
  if (isConnection(words)) {
    const hint =
      /does not support SSL/i.test(words.message) && 'On a network that you trust, say sslmode=disable in its URL.';
    const message = `The database cannot be reached: ${firstPart(words)}`;
    return new Fault('unreachable', message, { cause: error, ...(hint && { hint }) });
  }
  if (state === undefined || !/^[0-9A-Z]{5}$/.test(state)) return error;
  const cause = sqlErrorFrom({ ...words, code: state, message: firstPart(words) }, text);
  const detail = { cause, ...(cause.hint && { hint: cause.hint }) };
  if (/^28/.test(state) || state === '3D000')
    return new Fault('invalid', `The database refuses us: ${cause.message}`, detail);
  const where = cause.line === undefined ? '' : ` (line ${cause.line}, column ${cause.column})`;
  return new Fault('failed', `${cause.message}${where} [${state}]`, detail);
}

/** An SQL error's message without its place in the statement, for who names the place in a file. */
export function withoutPosition(message: string): string {
  return message.replace(/ \(line \d+, column \d+\)(?= \[[0-9A-Z]{5}\]$)/, '');
}

/** One of our drivers adds a drawing of the statement to the message. */
const firstPart = ({ message, position }: { message: string; position?: string }): string =>
  position === undefined ? message : (message.split('\n\n')[0] ?? message);

function sqlErrorFrom(words: ServerWords, text: string): SqlError {
  return {
    kind: 'sql',
    sqlState: words.code,
    message: words.message,
    ...(words.detail && { detail: words.detail }),
    ...(words.hint && { hint: words.hint }),
    ...(words.where && { context: words.where }),
    ...(words.constraint && { constraint: words.constraint }),
    ...(words.position && text && positionIn(text, Number(words.position))),
  };
}

/** Line and column, from 1, of a server's position: characters (not UTF-16 units) from 1. */
export function positionIn(text: string, position: number): { readonly line: number; readonly column: number } {
  const before = [...text].slice(0, position - 1);
  const lines = before.join('').split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

/** Connection exceptions, shut downs, a server that is full or not up yet; and what sockets and pools say. */
function isConnection({ code = '', message }: { code?: string; message: string }): boolean {
  if (/^08|^57P0[1235]$|^53300$/.test(code)) return true;
  if (/^E[A-Z]+$/.test(code) || /^(ERR_(SSL|TLS)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return true;
  if (code.startsWith('CONNECTION_POOL:')) return true;
  return /Connection terminated|connection timeout|timeout expired|not queryable|does not support SSL|Client was closed/i.test(
    message,
  );
}
