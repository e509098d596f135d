import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openService } from './service.ts';

const there = (command: string) => spawnSync(command, ['--version']).status === 0;

/** A datagram socket, as systemd listens on: Node has none of that kind. */
const listener = `socket(S, AF_UNIX, SOCK_DGRAM, 0) and bind(S, sockaddr_un($ARGV[0])) or die $!;
$| = 1; print "listening\\n"; while (defined recv(S, $word, 4096, 0)) { print "$word\\n" }`;

test.skipIf(!there('systemd-notify') || !there('perl'))(
  'systemd hears that the daemon is ready and alive',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tiffin-notify-'));
    const socket = join(folder, 'notify');
    const perl = spawn('perl', ['-MSocket', '-e', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    let heard = '';
    perl.stdout.on('data', (chunk) => {
      heard += chunk;
    });
    const outer = process.env['NOTIFY_SOCKET'];
    process.env['NOTIFY_SOCKET'] = socket;
    try {
      await expect.poll(() => heard, { timeout: 10_000 }).toContain('listening');
      const service = openService({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '90000000' });
      expect(service.rhythm).toBe(30_000);
      await service.ready();
      await service.alive('7 reports');
      await expect
        .poll(() => heard, { timeout: 10_000 })
        .toMatch(/READY=1\n(BARRIER=1\n)?STATUS=7 reports\nWATCHDOG=1\n/);
    } finally {
      if (outer === undefined) delete process.env['NOTIFY_SOCKET'];
      else process.env['NOTIFY_SOCKET'] = outer;
      perl.kill();
      rmSync(folder, { recursive: true });
    }
  },
);

test('where nobody listens nothing is said', async () => {
  const service = openService({});
  await Promise.all([service.ready(), service.alive('7 reports')]);
});
