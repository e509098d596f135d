import { openLine, type SmtpEnvelope, type SmtpLine, type SmtpResult, type SmtpServer } from './smtp-wire.ts';

/** A mail server with the lines to it that are open. */
export interface Post {
  /** Carries a mail on a line that is free, or on a new one; of `mayFinish` see `SmtpLine.send`. */
  carry(
    envelope: SmtpEnvelope,
    mail: Buffer,
    mayFinish: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<SmtpResult>;
  close(): void;
}

export function openPost(server: SmtpServer): Post {
  const idle: SmtpLine[] = [];
  return {
    async carry(envelope, mail, mayFinish, signal) {
      const used = idle.pop();
      if (used?.usable()) {
        const result = await used.send(envelope, mail, mayFinish, signal);
        if (result.kind === 'accepted') idle.push(used);
        // It may have been closed since it was used: what fails on it before any answer is tried on a new one.
        const stale =
          result.kind === 'failed' && result.stage === 'envelope' && result.failure.responseCode === undefined;
        if (!stale || signal.aborted) return result;
      }
      const opening = await openLine(server, signal);
      if (opening.kind === 'failed') return opening;
      const result = await opening.line.send(envelope, mail, mayFinish, signal);
      if (result.kind === 'accepted') idle.push(opening.line);
      return result;
    },
    close() {
      for (const line of idle.splice(0)) line.close();
    },
  };
}
