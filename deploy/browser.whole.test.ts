import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openBrowser } from '../delivery/render/browser.ts';

const program = fileURLToPath(new URL('browser.ts', import.meta.url));
const outer = process.env['BROWSER_URL'];
afterEach(() => {
  if (outer === undefined) delete process.env['BROWSER_URL'];
  else process.env['BROWSER_URL'] = outer;
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.skipIf(!existsSync('/usr/bin/chromium'))(
  'pictures are drawn by a browser that is a service of its own',
  async () => {
    const url = `ws://127.0.0.1:${await freePort()}/${randomBytes(24).toString('hex')}`;
    const service = spawn(process.execPath, [program], { env: { ...process.env, BROWSER_URL: url } });
    const ended = once(service, 'exit');
    let said = '';
    service.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 60_000 }).toContain('the browser is up');
    const draw = async (address: string) => {
      process.env['BROWSER_URL'] = address;
      await using browser = openBrowser();
      const size = { width: 300, scale: 1 };
      return await browser.withPage(
        '<p>hello</p>',
        size,
        (page) => page.textContent('p'),
        new AbortController().signal,
      );
    };
    expect(await draw(url)).toEqual({ kind: 'done', value: 'hello' });
    expect(await draw(`${url}x`)).toMatchObject({ kind: 'unavailable' });
    service.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  },
);

test('an address that anybody could guess is refused', async () => {
  const env = { ...process.env, BROWSER_URL: 'ws://127.0.0.1:9333/' };
  const [code] = await once(spawn(process.execPath, [program], { env }), 'exit');
  expect(code).toBe(2);
});
