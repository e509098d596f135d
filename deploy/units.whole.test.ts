import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const source = fileURLToPath(new URL('.', import.meta.url));
const units = readdirSync(join(source, 'systemd')).filter((name) => /\.(service|timer)$/.test(name));
const without = spawnSync('systemd-analyze', ['--version']).status !== 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiffin-units-'));
  cpSync(join(source, 'systemd'), folder, { recursive: true });
  // What they start is not on this machine.
  for (const unit of units) {
    const text = readFileSync(join(folder, unit), 'utf8');
    writeFileSync(join(folder, unit), text.replace('/opt/tiffin/current/node_modules/.bin/node', '/bin/true'));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const analyze = (...args: readonly string[]) => {
  const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` };
  const { stdout, stderr, status } = spawnSync('systemd-analyze', [...args], { env, encoding: 'utf8' });
  return { said: `${stdout}${stderr}`, status };
};

test.skipIf(without).each(units)('systemd has nothing to say about %s', (unit) => {
  expect(analyze('verify', '--man=no', unit)).toEqual({ said: '', status: 0 });
});

test.skipIf(without).each([
  ['tiffin-daemon', 2.0],
  ['tiffin-scheduler', 2.0],
  ['tiffin-backup', 2.0],
  // A browser shuts its pages into namespaces, which the others may not make.
  ['tiffin-browser', 2.5],
  // And WhatsApp's is out on the net.
  ['tiffin-sender', 2.7],
])('%s is exposed at most %d', (unit, most) => {
  const { said } = analyze('security', '--offline=yes', '--no-pager', `${unit}.service`);
  const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1]);
  expect(exposure).toBeLessThanOrEqual(most);
});

test('scripts are what a plain shell reads', () => {
  for (const script of ['install', 'tiffin', 'proof.sh']) {
    expect(spawnSync('sh', ['-n', join(source, script)], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  }
});
