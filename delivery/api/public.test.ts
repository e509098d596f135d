import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Link, signLink } from '../files/signed-link.ts';
import type { WebhookRequest } from '../send/channel.ts';
import { openPublic, type PublicListener } from './public.ts';

const secret = 'secret';
const now = new Date('2021-12-22T03:00:00Z');
let listener: PublicListener;
let ended: string[];
let failures: string[];
beforeEach(async () => {
  ended = [];
  failures = [];
  const tools = {
    secret,
    files: {
      async read(sha256: string) {
        if (sha256.startsWith('0')) throw new Error('gone');
        return new TextEncoder().encode(`file ${sha256.slice(0, 2)}`);
      },
    },
    unsubscribe: async (reference: string) => ended.push(reference) > 0,
    async hear(lane: string, { method, search, body }: WebhookRequest) {
      return lane === 'chat' ? { status: 200, text: `${method} ${search} ${body.byteLength}` } : undefined;
    },
    now: () => now,
    log: { error: (facts: object) => void failures.push(JSON.stringify(facts)) },
  };
  listener = await openPublic({ host: '127.0.0.1', port: 0 }, tools);
});
afterEach(() => listener[Symbol.asyncDispose]());

const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${listener.port}${path}`, init);
const unsubscribe = signLink(secret, { kind: 'unsubscribe', reference: '06NRMA4XE37G' });
const file = (more: Partial<Extract<Link, { kind: 'file' }>> = {}) =>
  signLink(secret, {
    kind: 'file',
    sha256: 'ab'.repeat(32),
    name: 'बिक्री.pdf',
    mediaType: 'application/pdf',
    expires: now.getTime() + 1000,
    ...more,
  });

test('one click ends the writing; looking at the link, as mail scanners do, does not', async () => {
  const page = await ask(`/u/${unsubscribe}`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form method="post">')]);
  expect((await ask(`/u/${unsubscribe}`, { method: 'HEAD' })).status).toBe(405);
  expect(ended).toEqual([]);
  const click = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
  expect((await ask(`/u/${unsubscribe}`, click)).status).toBe(200);
  expect((await ask(`/u/${unsubscribe}`, click)).status).toBe(200);
  expect(ended).toEqual(['06NRMA4XE37G', '06NRMA4XE37G']);
});

test('a file is handed out under its name until its link expires', async () => {
  const got = await ask(`/f/${file()}`);
  expect([got.status, await got.text()]).toEqual([200, 'file ab']);
  expect(got.headers.get('content-disposition')).toBe(
    `attachment; filename*=UTF-8''${encodeURIComponent('बिक्री.pdf')}`,
  );
  expect(got.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await ask(`/f/${file({ expires: now.getTime() })}`)).status).toBe(404);
});

test('no other link does anything, no link does what it was not made for, and nobody sends much', async () => {
  for (const path of [
    '/',
    '/u/',
    '/f/x.y',
    `/u/${file()}`,
    `/f/${unsubscribe}`,
    `/u/${unsubscribe}x`,
    '/f/..%2f..%2fetc',
  ]) {
    expect([path, (await ask(path, { method: 'POST' })).status]).toEqual([path, 404]);
  }
  const long = await ask(`/u/${unsubscribe}`, { method: 'POST', body: 'x'.repeat(5_000) }).catch(() => undefined);
  expect([413, undefined]).toContain(long?.status);
  expect(ended).toEqual([]);
});

test('what goes wrong inside is not shown outside, and no URL gets into the log', async () => {
  const token = file({ sha256: '0'.repeat(64) });
  const got = await ask(`/f/${token}`);
  expect([got.status, await got.text()]).toEqual([500, expect.not.stringContaining('gone')]);
  expect(failures).toEqual(['{"error":"gone"}']);
});

test('a webhook gets its request as it came, with a longer body than others may have; no other lane hears', async () => {
  const body = 'x'.repeat(100_000);
  expect(await (await ask('/w/chat?a=1', { method: 'POST', body })).text()).toBe('POST ?a=1 100000');
  expect(await (await ask('/w/chat')).text()).toBe('GET  0');
  expect((await ask('/w/other', { method: 'POST', body })).status).toBe(404);
  const long = await ask('/w/chat', { method: 'POST', body: 'x'.repeat(4_000_000) }).catch(() => undefined);
  expect([413, undefined]).toContain(long?.status);
});
