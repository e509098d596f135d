import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDisplay } from './display.ts';
import { startOf } from './processes.ts';
import { hasXvfb } from './x-server.ts';

const without = !(await hasXvfb());
let folder: string;
let outer: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiffin-display-'));
  outer = process.env['DISPLAY'];
  delete process.env['DISPLAY'];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  if (outer === undefined) delete process.env['DISPLAY'];
  else process.env['DISPLAY'] = outer;
});

const pidOf = (home: string) => Number(readFileSync(join(home, 'display.pid'), 'utf8'));

test.skipIf(without)('each of several at once has a display and a key of its own, and this process none', async () => {
  const homes = Array.from({ length: 4 }, () => mkdtempSync(join(folder, 'home-')));
  const displays = await Promise.all(homes.map((home) => openDisplay(home)));
  expect(new Set(displays.map(({ env }) => env['DISPLAY'])).size).toBe(4);
  expect(process.env['DISPLAY']).toBeUndefined();
  for (const [index, display] of displays.entries()) {
    expect(statSync(display.env['XAUTHORITY'] ?? '').mode & 0o777).toBe(0o600);
    expect(startOf(pidOf(homes[index] ?? ''))).toBeDefined();
  }
  expect(new Set(displays.map(({ env }) => readFileSync(env['XAUTHORITY'] ?? '', 'hex'))).size).toBe(4);
  const pids = homes.map(pidOf);
  for (const display of displays) await display[Symbol.asyncDispose]();
  expect(pids.map(startOf)).toEqual(pids.map(() => undefined));
  expect(process.env['DISPLAY']).toBeUndefined();
});

test.skipIf(without)('the display of a process that was killed is ended by the next one', async () => {
  const program = `const { openDisplay } = await import(${JSON.stringify(new URL('display.ts', import.meta.url).href)});
await openDisplay(${JSON.stringify(folder)}); process.stdout.write('open');`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const _ of killed.stdout) break;
  const left = pidOf(folder);
  killed.kill('SIGKILL');
  expect(startOf(left)).toBeDefined();
  await using display = await openDisplay(folder);
  expect(startOf(left)).toBeUndefined();
  expect(existsSync(`/tmp/.X11-unix/X${display.env['DISPLAY']?.slice(1)}`)).toBe(true);
  expect(pidOf(folder)).not.toBe(left);
});
