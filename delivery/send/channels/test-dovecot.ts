import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A real IMAP server of a test, with any mailbox that is asked for; the password of all is `secret`. */
export interface TestDovecot extends AsyncDisposable {
  readonly port: number;
  url(user: string): string;
  /** The Maildir of a user, owned by whoever the server runs as. */
  folderOf(user: string): string;
  /** All mailboxes' folder, and who owns them. */
  readonly mail: string;
  readonly uid: number;
}

/**
 * Why Debian packages are not here and cannot be; undefined when their programs are. Installs them where that disturbs
 * nobody: as root on a machine without a running init system, such as a container.
 */
export function whyWithout(packages: readonly string[], programs: readonly string[]): string | undefined {
  const missing = () => programs.filter((program) => !existsSync(program));
  if (missing().length === 0) return undefined;
  const container = !existsSync('/run/systemd/system');
  if (process.getuid?.() === 0 && container && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...words: string[]) => execFileSync('apt-get', words, { env, stdio: 'ignore', timeout: 240_000 });
    const install = () => apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
    try {
      try {
        install();
      } catch {
        apt('update', '-qq');
        install();
      }
    } catch {
      return `${packages.join(' and ')} cannot be installed`;
    }
  }
  return missing().length === 0 ? undefined : `install ${packages.join(' and ')} to run it`;
}

export const dovecotPackages = ['dovecot-imapd'];
export const dovecotPrograms = ['/usr/sbin/dovecot', '/usr/lib/dovecot/imap'];

/** Starts Dovecot on the loopback in a folder of its own: as root it runs as nobody, else as whoever tests. */
export async function testDovecot(): Promise<TestDovecot> {
  const root = process.getuid?.() === 0;
  const owner = root ? nobody : itself();
  const home = mkdtempSync(join(tmpdir(), 'tiffin-imap-'));
  const mail = join(home, 'mail');
  for (const folder of [mail, join(home, 'base'), join(home, 'state')]) mkdirSync(folder);
  const port = await freePort();
  writeFileSync(join(home, 'dovecot.conf'), config(home, mail, port, owner));
  if (root) for (const path of ['', 'mail', 'base', 'state']) chownSync(join(home, path), owner.uid, owner.gid);
  const server = spawn('/usr/sbin/dovecot', ['-F', '-c', join(home, 'dovecot.conf')], {
    stdio: 'ignore',
    ...(root ? { uid: owner.uid, gid: owner.gid } : {}),
  });
  await listening(port, server);
  return {
    port,
    mail,
    uid: owner.uid,
    url: (user) => `imap://${encodeURIComponent(user)}:secret@127.0.0.1:${port}`,
    folderOf: (user) => join(mail, user),
    async [Symbol.asyncDispose]() {
      await stopped(server);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Owner {
  readonly user: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
}

const nobody: Owner = { user: 'nobody', group: 'nogroup', uid: 65_534, gid: 65_534 };

function itself(): Owner {
  const { username, uid, gid } = userInfo();
  return { user: username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim(), uid, gid };
}

const config = (home: string, mail: string, port: number, { user, group, uid, gid }: Owner) => `
protocols = imap
listen = 127.0.0.1
base_dir = ${home}/base
state_dir = ${home}/state
log_path = ${home}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
mail_location = maildir:${mail}/%u
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${mail}/%u
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;

/** A port of the loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until a server answers on a port. */
export async function listening(port: number, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const answered = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
    await pause(50);
  }
}

export async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}
