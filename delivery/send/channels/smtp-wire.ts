import { Readable } from 'node:stream';
import type SmtpConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpFailure, SmtpStage } from './smtp-outcome.ts';

/** A mail server and how to enter it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`). */
  readonly secure: boolean;
  readonly login?: { readonly user: string; readonly pass: string };
}

/** One mail on the wire: what was sent, or how far it got and what went wrong. */
export type SmtpResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly stage: SmtpStage; readonly failure: SmtpFailure };

/** Who a mail is from and for, as the server hears it. */
export interface SmtpEnvelope {
  /** Bounces go there. */
  readonly from: string;
  readonly to: string;
  /** Gets the same mail in the same breath; the mail goes to both or to neither. */
  readonly copy?: string;
}

/** A line to a mail server that carries one mail at a time. */
export interface SmtpLine {
  readonly usable: () => boolean;
  /**
   * Carries a mail. All of it is written but the final dot; then `mayFinish` is asked, and only if it agrees the dot is
   * written. Without the dot no server takes the mail (RFC 5321 4.1.1.4).
   */
  send(
    envelope: SmtpEnvelope,
    mail: Buffer,
    mayFinish: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<SmtpResult>;
  close(): void;
}

const piece = 64 * 1024;

export type SmtpOpening =
  | { readonly kind: 'open'; readonly line: SmtpLine }
  | { readonly kind: 'failed'; readonly stage: SmtpStage; readonly failure: SmtpFailure };

/** Connects and logs in. */
export async function openLine(server: SmtpServer, signal: AbortSignal): Promise<SmtpOpening> {
  const { host, port, secure, login } = server;
  // Loaded with the first line, for most commands open none.
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const near = host === 'localhost' || host === '127.0.0.1' || host === '::1';
  // What the server answers, in order: of several recipients nodemailer tells only in the end who was refused.
  const replies: string[] = [];
  const connection = new Connection({
    host,
    port,
    secure,
    ignoreTLS: near && !secure,
    // A password never crosses a network in plain text.
    requireTLS: !secure && !near && login !== undefined,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    socketCloseTimeout: 0,
    transactionLog: true,
    logger: listener(replies),
  });
  // Every failure is also given to the call that waits; an idle line that breaks is only not used again.
  connection.on('error', () => {});
  let stage: SmtpStage = 'connecting';
  try {
    await untilAborted(signal, connection, (done) => {
      connection.once('error', done);
      connection.connect(done);
    });
    if (login !== undefined) {
      stage = 'logging-in';
      await untilAborted(signal, connection, (done) => connection.login(login, done));
    }
  } catch (error) {
    connection.close();
    return { kind: 'failed', stage, failure: failureOf(error) };
  }
  return { kind: 'open', line: lineOn(connection, replies) };
}

function lineOn(connection: SmtpConnection, replies: string[]): SmtpLine {
  return {
    usable: () => !connection.destroyed,
    close: () => connection.close(),
    async send(envelope, mail, mayFinish, signal) {
      let stage: SmtpStage = 'envelope';
      replies.length = 0;
      async function* allButTheDot() {
        // One of two was refused, and nodemailer would go on with the other.
        if (refusalOf(envelope, replies)) throw new Error('a recipient was refused');
        for (let from = 0; from < mail.byteLength; from += piece) yield mail.subarray(from, from + piece);
        if (!(await mayFinish())) throw new Error('the lease was lost before the final dot');
        stage = 'dotted';
      }
      try {
        const { from, to, copy } = envelope;
        const content = Readable.from(allButTheDot(), { objectMode: false, highWaterMark: piece });
        await untilAborted(signal, connection, (done) =>
          connection.send({ from, to: copy === undefined ? [to] : [to, copy], size: mail.byteLength }, content, done),
        );
        return { kind: 'accepted' };
      } catch (error) {
        // Whatever the line is in the middle of, nothing after it could be trusted.
        connection.close();
        const refusal = stage === 'envelope' ? refusalOf(envelope, replies) : undefined;
        return { kind: 'failed', stage, failure: refusal ?? failureOf(error) };
      }
    },
  };
}

/** The answers to MAIL FROM and to each RCPT TO come first and in this order (RFC 5321 3.3), pipelined or not. */
function refusalOf({ copy }: SmtpEnvelope, replies: readonly string[]): SmtpFailure | undefined {
  const [toSender, toRecipient, toCopy] = replies;
  const refused = (reply: string | undefined) => reply !== undefined && /^[45]\d\d/.test(reply);
  const failure = (command: string, response = '') => ({
    code: 'EENVELOPE',
    command,
    response,
    responseCode: Number(response.slice(0, 3)),
  });
  // A sender that is refused is nodemailer's to tell; what else was asked in the same breath is refused for that.
  if (refused(toSender)) return undefined;
  if (refused(toRecipient)) return failure('RCPT TO', toRecipient);
  return copy !== undefined && refused(toCopy) ? failure('RCPT TO the copy', toCopy) : undefined;
}

/** A logger for nodemailer that keeps what the server says, and nothing that we say: passwords are in that. */
function listener(replies: string[]) {
  const silent = () => {};
  const hear = (entry: { readonly tnx?: string }, text: string) => {
    if (entry.tnx === 'server') replies.push(text);
  };
  return { level: silent, trace: silent, debug: hear, info: silent, warn: silent, error: silent, fatal: silent };
}

/** Waits for nodemailer's answer or the signal; nodemailer itself forgets to answer when its line is closed. */
function untilAborted(
  signal: AbortSignal,
  connection: SmtpConnection,
  begin: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => {
    connection.close();
    reject(signal.reason);
  };
  if (signal.aborted) stop();
  else {
    signal.addEventListener('abort', stop, { once: true });
    begin((error) => (error ? reject(error) : resolve()));
  }
  return promise.finally(() => signal.removeEventListener('abort', stop));
}

function failureOf(error: unknown): SmtpFailure {
  if (!(error instanceof Error)) return { code: String(error) };
  const { code, command, responseCode, response } = error as Error & SmtpFailure;
  const known = typeof code === 'string' && code !== 'ESTREAM';
  return { code: known ? code : error.message, command, responseCode, response };
}
