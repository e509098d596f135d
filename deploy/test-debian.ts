import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testProject } from '../delivery/cli/test-project.ts';

const call = promisify(execFile);
const checkout = fileURLToPath(new URL('../', import.meta.url));

/** A fresh Debian in a folder, with this checkout and a small project as `/src`. */
export interface TestDebian extends Disposable {
  /** Runs a script of `/src` there as root, in processes of its own that all end with it; returns what it said and its code. */
  run(script: string): Promise<{ readonly said: string; readonly code: number | null }>;
}

/** Why no Debian can be made here; undefined where it can. */
export function whyNoDebian(): string | undefined {
  if (process.getuid?.() !== 0) return 'it takes root';
  const lacking = ['debootstrap', 'unshare', 'chroot'].filter((one) => spawnSync('which', [one]).status !== 0);
  return lacking.length > 0 ? `there is no ${lacking.join(', ')}` : undefined;
}

/** Makes it with debootstrap, from the registry that apt uses here. */
export async function testDebian(): Promise<TestDebian> {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-debian-'));
  // It is the root of others than root, too.
  chmodSync(root, 0o755);
  await call('debootstrap', ['--variant=minbase', 'bookworm', root], { maxBuffer: 64 << 20 });
  const { stdout: files } = await call('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: checkout });
  for (const file of files.split('\0')) {
    if (/^(models|reports|dags)\//.test(file) || !existsSync(join(checkout, file)) || !file) continue;
    cpSync(join(checkout, file), join(root, 'src', file));
  }
  putProject(join(root, 'src'));
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true });
  // Whom this machine trusts besides, that one has to trust, too.
  const trusted = '/usr/local/share/ca-certificates';
  if (existsSync(trusted)) cpSync(trusted, join(root, trusted), { recursive: true, dereference: true });
  return {
    async run(script) {
      const inside = `mount -t proc proc "$0/proc"; mount --bind /dev "$0/dev"; exec chroot "$0" env -i "$@"`;
      const env = [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HOME=/root',
        'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
        `npm_config_registry=${(await call('npm', ['config', 'get', 'registry'])).stdout.trim()}`,
      ];
      const own = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', inside];
      const there = spawn('unshare', [...own, root, ...env, 'sh', `/src/${script}`], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [there.stdout, there.stderr]) {
        stream.on('data', (chunk) => {
          said += chunk;
        });
      }
      const [code] = await once(there, 'close');
      return { said, code };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

/** A project with one report to three people's folders, whose newest slot is due at once. */
function putProject(folder: string): void {
  const entry = (id: string, channel: string) =>
    `  - { id: ${id}, channel: ${channel}, to: { list: all }, attach: [csv] }\n`;
  const deliver = `${entry('drop', 'office')}${entry('phones', 'phone')}start: 2026-01-01\n`;
  const channels = '    phone: { kind: file-drop, path: var/whatsapp-web/outbox }\n';
  using project = testProject({}, { people: 3, deliver, channels });
  mkdirSync(folder, { recursive: true });
  cpSync(project.root, folder, { recursive: true });
  const file = join(folder, 'project.yml');
  const text = readFileSync(file, 'utf8')
    .replaceAll('local', 'dev')
    .replace(/ {4}email:.*\n/, '');
  writeFileSync(file, text.replace('path: out', 'path: var/outbox'));
}
