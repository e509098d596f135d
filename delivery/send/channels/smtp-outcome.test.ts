import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outcomeOfFailure, type SmtpFailure } from './smtp-outcome.ts';

const reply = (responseCode: number, command: string, text = 'no', code = 'EENVELOPE'): SmtpFailure => ({
  code,
  command,
  responseCode,
  response: `${responseCode} ${text}`,
});

test('before the final dot nothing has gone, and who is in trouble is known', () => {
  const kinds: [string, string][] = [];
  for (const [name, outcome] of [
    ['server away', outcomeOfFailure('connecting', { code: 'ESOCKET', command: 'CONN' })],
    ['wrong password', outcomeOfFailure('logging-in', reply(535, 'AUTH PLAIN', 'no', 'EAUTH'))],
    ['sender unwelcome', outcomeOfFailure('envelope', reply(550, 'MAIL FROM'))],
    ['too large', outcomeOfFailure('envelope', { code: 'EMESSAGE', command: 'MAIL FROM' })],
    ['closing', outcomeOfFailure('envelope', reply(421, 'RCPT TO'))],
    ['greylisted', outcomeOfFailure('envelope', reply(451, 'RCPT TO'))],
    ['mailbox unwilling', outcomeOfFailure('envelope', reply(550, 'RCPT TO', '5.7.1 no'))],
    ['line cut', outcomeOfFailure('envelope', { code: 'ECONNECTION', command: 'CONN' })],
    ['data refused', outcomeOfFailure('envelope', reply(554, 'DATA'))],
  ] as const) {
    kinds.push([name, outcome.kind === 'later' ? `later ${outcome.scope}` : outcome.kind]);
  }
  expect(Object.fromEntries(kinds)).toEqual({
    'server away': 'later lane',
    'wrong password': 'later lane',
    'sender unwelcome': 'later lane',
    'too large': 'refused',
    closing: 'later lane',
    greylisted: 'later recipient',
    'mailbox unwilling': 'refused',
    'line cut': 'later lane',
    'data refused': 'refused',
  });
});

test('a mailbox that is not there is not asked again, and its address is not logged', () => {
  expect(outcomeOfFailure('envelope', reply(550, 'RCPT TO', '5.1.1 <asha@example.com> unknown'))).toEqual({
    kind: 'refused',
    suppress: true,
    reason: '550 5.1.1 <(address)> unknown',
  });
});

test('after the final dot only the reply to it can say that nothing went', () => {
  expect(outcomeOfFailure('dotted', reply(552, 'DATA', 'too big', 'EMESSAGE')).kind).toBe('refused');
  expect(outcomeOfFailure('dotted', reply(451, 'DATA', 'later', 'EMESSAGE')).kind).toBe('later');
  // As measured: a server that took the mail and was cut off looks like one that was never reached.
  expect(outcomeOfFailure('dotted', { code: 'ECONNECTION', command: 'CONN' }).kind).toBe('unclear');
  fc.assert(
    fc.property(
      fc.record({
        code: fc.constantFrom('ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EPROTOCOL', 'ETLS', undefined),
        command: fc.constantFrom('CONN', 'DATA', 'API', 'RCPT TO', undefined),
        responseCode: fc.constantFrom(undefined, 250, 421, 451, 550),
      }),
      (failure) => {
        expect(outcomeOfFailure('dotted', failure).kind).toBe('unclear');
      },
    ),
  );
});
