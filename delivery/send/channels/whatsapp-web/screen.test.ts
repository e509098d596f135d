import { expect, test } from 'vitest';
import type { SeenScreen } from './in-page.mjs';
import { contractsFor } from './page-contract.ts';
import { screenOf } from './screen.ts';

const contracts = contractsFor('en-GB') ?? [];
const nothing = { ready: false, chats: false, qr: false, loading: false };
const seen = (what: Partial<SeenScreen>, era: Partial<typeof nothing> = {}): SeenScreen => ({
  url: 'https://web.whatsapp.com/',
  language: 'en',
  seen: contracts.map((_, place) => (place === 1 ? { ...nothing, ...era } : nothing)),
  dialogs: [],
  side: '',
  text: '',
  ...what,
});
const kindOf = (what: Partial<SeenScreen>, era: Partial<typeof nothing> = {}) =>
  screenOf(seen(what, era), contracts).kind;

test('ready, loading, unlinked, logged out, restricted and strange are told apart', () => {
  expect(kindOf({}, { ready: true })).toBe('ready');
  expect(kindOf({}, { loading: true })).toBe('loading');
  expect(kindOf({ text: 'loading your chats' })).toBe('loading');
  expect(kindOf({}, { qr: true })).toBe('unlinked');
  expect(kindOf({ url: 'https://web.whatsapp.com/?post_logout=1&logout_reason=0' }, { qr: true })).toBe('logged-out');
  expect(kindOf({ text: 'update your browser' })).toBe('strange');
});

test('a restriction is seen over everything; what a chat says is not one', () => {
  const dialogs = [{ text: 'your account has been restricted.', buttons: ['OK'] }];
  expect(kindOf({ dialogs }, { ready: true })).toBe('restricted');
  expect(kindOf({ side: 'asha: your account has been restricted' }, { ready: true })).toBe('ready');
  expect(kindOf({ dialogs: [{ text: "what's new", buttons: ['Continue'] }] }, { ready: true })).toBe('dialog');
});

test('a phone that was away for long is noticed', () => {
  expect(
    screenOf(seen({ side: 'use whatsapp on your phone to stay linked' }, { ready: true }), contracts),
  ).toMatchObject({
    kind: 'ready',
    phoneAway: true,
  });
});

test('a language that is not known has no contract', () => {
  expect(contractsFor('ta')).toBeUndefined();
  expect(contractsFor('pt-BR')?.[0]?.search).toBe('input[aria-label="Pesquisar ou começar uma nova conversa"]');
});
