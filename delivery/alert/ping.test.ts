import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ping } from './ping.ts';

test('a watcher hears it, and what it answers or that it is away is said without its URL', async () => {
  let heard = 0;
  const server = createServer((request, answer) => {
    heard += 1;
    answer.writeHead(request.url === '/secret' ? 200 : 500).end('ok');
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const never = new AbortController().signal;
  expect(await ping(`${base}/secret`, never)).toBeUndefined();
  expect(await ping(`${base}/other`, never)).toBe('it answered 500');
  await new Promise((down) => server.close(down));
  const away = await ping(`${base}/secret`, never);
  expect([heard, away]).toEqual([2, expect.any(String)]);
  expect(away).not.toContain('secret');
});
